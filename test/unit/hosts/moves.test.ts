import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { ProposalBook } from '../../../src/workflow/edits/proposalBook.ts';
import { createProposal } from '../../../src/workflow/edits/review.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import type { FileChange } from '../../../src/workflow/ports.ts';

let folder: string;
let workspace: NodeWorkspace;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planwright-moves-'));
  mkdirSync(join(folder, 'files'));
  workspace = new NodeWorkspace(join(folder, 'files'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string) => join(workspace.root, path);
const disk = (path: string) => readFileSync(at(path), 'utf8');
function put(path: string, content: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}
async function modify(path: string, text: string): Promise<void> {
  const expectedHash = (await workspace.read(path))?.hash ?? '';
  await workspace.apply({ action: 'modify', path, text, expectedHash });
}
async function move(from: string, path: string, text?: string): Promise<void> {
  const file = await workspace.read(from);
  await workspace.apply({
    action: 'rename',
    from,
    path,
    text: text ?? file?.text ?? '',
    expectedHash: file?.hash ?? '',
  });
}

describe('moving files on disk', () => {
  it('moves into a folder that is not there yet, keeps the mode, and leaves no empty folder', async () => {
    put('old/deep/run.sh', 'a\n');
    chmodSync(at('old/deep/run.sh'), 0o755);
    await move('old/deep/run.sh', 'new/folder/go.sh', 'b\n');
    assert.equal(disk('new/folder/go.sh'), 'b\n');
    assert.equal(statSync(at('new/folder/go.sh')).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(workspace.root), ['new']);
  });

  it('leaves folders that still have something in them', async () => {
    put('old/a.txt', 'a');
    put('old/b.txt', 'b');
    await move('old/a.txt', 'a.txt');
    assert.deepEqual(readdirSync(workspace.root, { recursive: true }).sort(), ['a.txt', 'old', 'old/b.txt']);
  });

  it('renames in case only, with or without new text', async () => {
    put('README.md', 'hi\n');
    await move('README.md', 'Readme.md');
    assert.deepEqual(readdirSync(workspace.root), ['Readme.md']);
    await move('Readme.md', 'readme.md', 'hello\n');
    assert.deepEqual(readdirSync(workspace.root), ['readme.md']);
    assert.equal(disk('readme.md'), 'hello\n');
  });

  it('does not take two files for one because their names differ in case only', async (t) => {
    put('README.md', 'hi\n');
    if (existsSync(at('Readme.md'))) return t.skip('case does not count here');
    linkSync(at('README.md'), at('Readme.md'));
    await assert.rejects(move('README.md', 'Readme.md'), { code: 'DRIFT' });
    rmSync(at('Readme.md'));
    put('Readme.md', 'hi\n');
    await assert.rejects(move('README.md', 'Readme.md'), { code: 'DRIFT' });
    assert.deepEqual(readdirSync(workspace.root).sort(), ['README.md', 'Readme.md']);
  });

  it('knows after a crash whether a file was moved, although its text is the same', async () => {
    put('a.txt', 'one\n');
    put('b.txt', 'two\n');
    const { db } = openDatabase(join(folder, 'x.db'));
    const store = new Store(db, systemClock);
    const runId = store.createRun({ request: 'r', requirements: [] }, { model: '', workspace: '' });
    const reached: (() => void)[] = [];
    /** Stops for ever before or after a file is moved, as a process that dies does. */
    class Dying extends NodeWorkspace {
      override async apply(change: FileChange): Promise<void> {
        if (change.path === 'moved/a.txt') await super.apply(change);
        reached.shift()?.();
        return new Promise(() => {});
      }
    }
    for (const name of ['a', 'b']) {
      const dying = new ProposalBook(store, new Dying(workspace.root), { id: `${name} 1`, isAlive: () => true });
      const base = disk(`${name}.txt`);
      const about = { taskId: 'T', path: `moved/${name}.txt`, from: `${name}.txt`, rationale: '', provenance: [] };
      const proposal = createProposal({ ...about, id: name, action: 'rename', base, text: base, taskRequirements: [] });
      await dying.propose(runId, 1, proposal);
      const moving = new Promise<void>((resolve) => reached.push(resolve));
      void dying.acceptAll(runId, 1, name, 'test');
      await moving;
    }
    const book = new ProposalBook(store, workspace, { id: '2', isAlive: () => false });
    await book.recover(runId);
    const decisions = ['a', 'b'].map((id) => book.find(runId, 1, id)?.hunks[0]?.decision);
    assert.deepEqual(decisions, ['accepted', 'pending']);
    await book.acceptAll(runId, 1, 'b', 'test');
    assert.deepEqual(readdirSync(at('moved')), ['a.txt', 'b.txt']);
    db.close();
  });
});

describe('links and modes on disk', () => {
  it('writes what a link leads to, and keeps the link and the mode', async () => {
    put('real/run.sh', 'a\n');
    chmodSync(at('real/run.sh'), 0o750);
    symlinkSync('real/run.sh', at('link.sh'));
    symlinkSync('link.sh', at('again.sh'));
    await modify('again.sh', 'b\n');
    assert.equal(disk('real/run.sh'), 'b\n');
    assert.equal(statSync(at('real/run.sh')).mode & 0o777, 0o750);
    assert.equal(readlinkSync(at('link.sh')), 'real/run.sh');
    assert.equal(readlinkSync(at('again.sh')), 'link.sh');
  });

  it('neither reads nor writes through a link that leads outside', async () => {
    writeFileSync(join(folder, 'outside.txt'), 'theirs\n');
    symlinkSync(join(folder, 'outside.txt'), at('link.txt'));
    const change = { action: 'modify', path: 'link.txt', text: 'mine\n', expectedHash: '' } as const;
    await assert.rejects(workspace.read('link.txt'), { code: 'OUTSIDE_WORKSPACE' });
    await assert.rejects(workspace.apply(change), { code: 'OUTSIDE_WORKSPACE' });
    assert.equal(readFileSync(join(folder, 'outside.txt'), 'utf8'), 'theirs\n');
  });

  it('deletes a link and not what it leads to', async () => {
    put('real.txt', 'a\n');
    symlinkSync('real.txt', at('link.txt'));
    const expectedHash = (await workspace.read('link.txt'))?.hash ?? '';
    await workspace.apply({ action: 'delete', path: 'link.txt', expectedHash });
    assert.deepEqual(readdirSync(workspace.root), ['real.txt']);
  });

  it('does not move a link, whose way may lead nowhere from another folder', async () => {
    put('real.txt', 'a\n');
    symlinkSync('real.txt', at('link.txt'));
    await assert.rejects(move('link.txt', 'sub/link.txt'), (error: { code?: string; message: string }) => {
      assert.equal(error.code, 'INVALID_INPUT');
      assert.match(error.message, /link\.txt is a link to real\.txt/);
      return true;
    });
    assert.ok(lstatSync(at('link.txt')).isSymbolicLink());
  });

  it('makes no file where a link leads nowhere', async () => {
    symlinkSync('nothing.txt', at('link.txt'));
    await assert.rejects(workspace.apply({ action: 'create', path: 'link.txt', text: '' }), { code: 'DRIFT' });
    assert.equal(existsSync(at('nothing.txt')), false);
  });

  it('refuses to change, move or delete a read-only file, and says what to do', async () => {
    put('a.txt', 'a\n');
    chmodSync(at('a.txt'), 0o444);
    const expectedHash = (await workspace.read('a.txt'))?.hash ?? '';
    for (const change of [
      { action: 'modify', path: 'a.txt', text: 'b\n', expectedHash },
      { action: 'delete', path: 'a.txt', expectedHash },
      { action: 'rename', from: 'a.txt', path: 'b.txt', text: 'a\n', expectedHash },
    ] as const) {
      await assert.rejects(workspace.apply(change), (error: { code?: string; message: string; hint?: string }) => {
        assert.equal(error.code, 'READ_ONLY', change.action);
        assert.match(`${error.message} ${error.hint}`, /a\.txt is read-only.*Make the file/);
        return true;
      });
    }
    assert.deepEqual(readdirSync(workspace.root), ['a.txt']);
    assert.equal(disk('a.txt'), 'a\n');
  });

  it('says that a folder cannot be written', async (t) => {
    if (process.getuid?.() === 0) return t.skip('root may write everywhere');
    mkdirSync(at('locked'));
    chmodSync(at('locked'), 0o555);
    await assert.rejects(workspace.apply({ action: 'create', path: 'locked/a.txt', text: '' }), { code: 'READ_ONLY' });
    chmodSync(at('locked'), 0o755);
  });
});
