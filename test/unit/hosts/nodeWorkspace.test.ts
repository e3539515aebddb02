import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';

let root: string;
let workspace: NodeWorkspace;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'planwright-'));
  workspace = new NodeWorkspace(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: string | Buffer) => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
};
const hashOf = async (path: string) => (await workspace.read(path))?.hash ?? '';
const rejectsWith = (code: string) => (error: { code?: string }) => error.code === code;

describe('workspace on disk', () => {
  it('lists files without what .gitignore files leave out, nor secrets', async () => {
    write('.gitignore', 'out/\n*.log\n');
    write('src/a.ts', '');
    write('src/.gitignore', 'generated.ts\n');
    write('src/generated.ts', '');
    write('out/a.js', '');
    write('x.log', '');
    write('.env', 'KEY=1');
    write('node_modules/x/index.js', '');
    assert.deepEqual(await workspace.listFiles(), ['.gitignore', 'src/.gitignore', 'src/a.ts']);
  });

  it('reads without the byte order mark and keeps it when it writes', async () => {
    write('a.txt', '\uFEFFone\r\n');
    assert.equal((await workspace.read('a.txt'))?.text, 'one\r\n');
    await workspace.apply({ action: 'modify', path: 'a.txt', text: 'two\r\n', expectedHash: await hashOf('a.txt') });
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), '\uFEFFtwo\r\n');
  });

  it('keeps the mode of a file it changes', async () => {
    write('run.sh', 'a\n');
    chmodSync(join(root, 'run.sh'), 0o755);
    await workspace.apply({ action: 'modify', path: 'run.sh', text: 'b\n', expectedHash: await hashOf('run.sh') });
    assert.equal(statSync(join(root, 'run.sh')).mode & 0o777, 0o755);
  });

  it('never overwrites a file that somebody else changed', async () => {
    write('a.txt', 'one');
    const expectedHash = await hashOf('a.txt');
    write('a.txt', 'theirs');
    await assert.rejects(
      workspace.apply({ action: 'modify', path: 'a.txt', text: 'two', expectedHash }),
      rejectsWith('DRIFT'),
    );
    await assert.rejects(workspace.apply({ action: 'delete', path: 'a.txt', expectedHash }), rejectsWith('DRIFT'));
    await assert.rejects(workspace.apply({ action: 'create', path: 'a.txt', text: 'two' }), rejectsWith('DRIFT'));
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'theirs');
  });

  it('refuses a read-only file', async () => {
    write('a.txt', 'one');
    chmodSync(join(root, 'a.txt'), 0o444);
    const change = { action: 'modify', path: 'a.txt', text: 'two', expectedHash: await hashOf('a.txt') } as const;
    await assert.rejects(workspace.apply(change), rejectsWith('READ_ONLY'));
    assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'one');
  });

  it('stays inside the workspace, through links too', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'planwright-outside-'));
    symlinkSync(outside, join(root, 'link'));
    for (const path of ['../a', '/etc/hosts', 'a/../../b', 'C:\\a', 'link/a.txt']) {
      await assert.rejects(
        workspace.apply({ action: 'create', path, text: '' }),
        rejectsWith('OUTSIDE_WORKSPACE'),
        path,
      );
    }
    rmSync(outside, { recursive: true });
  });

  it('refuses secrets by name, and through a link with another name', async () => {
    write('.env', 'KEY=1');
    symlinkSync(join(root, '.env'), join(root, 'harmless.txt'));
    for (const path of ['.env', 'harmless.txt', '.git/config', 'keys/server.pem']) {
      await assert.rejects(workspace.read(path), rejectsWith('DENIED_PATH'), path);
    }
  });

  it('does not take bytes for text', async () => {
    write('a.bin', Buffer.from([0, 1, 2]));
    write('latin1.txt', Buffer.from([0xe9, 0x0a]));
    await assert.rejects(workspace.read('a.bin'), rejectsWith('BINARY'));
    await assert.rejects(workspace.read('latin1.txt'), rejectsWith('ENCODING'));
  });

  it('moves a file with its new text', async () => {
    write('old.txt', 'one');
    await workspace.apply({
      action: 'rename',
      from: 'old.txt',
      path: 'sub/new.txt',
      text: 'two',
      expectedHash: await hashOf('old.txt'),
    });
    assert.equal(await workspace.read('old.txt'), null);
    assert.equal((await workspace.read('sub/new.txt'))?.text, 'two');
  });

  it('has no history without git', async () => {
    assert.deepEqual(await workspace.gitLog(undefined, 5), []);
  });
});
