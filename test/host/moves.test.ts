import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { PlanwrightApi } from '../../src/extension.ts';
import type { VscodeWorkspace } from '../../src/hosts/vscode/vscodeWorkspace.ts';

let workspace: VscodeWorkspace;
const at = (path: string) => join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'moves', path);
const disk = (path: string) => readFileSync(at(path), 'utf8');

function put(path: string, content: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}
async function modify(path: string, text: string): Promise<void> {
  const expectedHash = (await workspace.read(`moves/${path}`))?.hash ?? '';
  await workspace.apply({ action: 'modify', path: `moves/${path}`, text, expectedHash });
}
async function move(from: string, to: string, text?: string): Promise<void> {
  const file = await workspace.read(`moves/${from}`);
  const about = { from: `moves/${from}`, path: `moves/${to}`, expectedHash: file?.hash ?? '' };
  await workspace.apply({ action: 'rename', ...about, text: text ?? file?.text ?? '' });
}

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  assert.ok(extension);
  workspace = (await (await extension.activate()).app()).services().workspace;
});
beforeEach(() => mkdirSync(at(''), { recursive: true }));
afterEach(() => rmSync(at(''), { recursive: true, force: true }));

describe('moves, links and modes in a real VS Code', () => {
  it('keeps a file executable that it changes or moves', async () => {
    put('run.sh', 'a\n');
    chmodSync(at('run.sh'), 0o755);
    await modify('run.sh', 'b\n');
    assert.equal(statSync(at('run.sh')).mode & 0o777, 0o755);
    await move('run.sh', 'bin/run.sh', 'c\n');
    assert.equal(disk('bin/run.sh'), 'c\n');
    assert.equal(statSync(at('bin/run.sh')).mode & 0o777, 0o755);
  });

  it('moves into a folder that is not there yet, and leaves no empty one', async () => {
    put('old/a.txt', 'a\n');
    await move('old/a.txt', 'new/deep/a.txt');
    assert.deepEqual(readdirSync(at(''), { recursive: true }).sort(), ['new', 'new/deep', 'new/deep/a.txt']);
  });

  it('renames in case only', async () => {
    put('README.md', 'hi\n');
    await vscode.window.showTextDocument(vscode.Uri.file(at('README.md')));
    await move('README.md', 'Readme.md', 'hello\n');
    assert.deepEqual(readdirSync(at('')), ['Readme.md']);
    assert.equal(disk('Readme.md'), 'hello\n');
  });

  it('writes what a link leads to and keeps the link, open or not', async () => {
    for (const name of ['closed', 'open']) {
      put(`${name}-real.txt`, 'a\n');
      symlinkSync(`${name}-real.txt`, at(`${name}.txt`));
      if (name === 'open') await vscode.window.showTextDocument(vscode.Uri.file(at(`${name}.txt`)));
      await modify(`${name}.txt`, 'b\n');
      assert.equal(disk(`${name}-real.txt`), 'b\n');
      assert.equal(readlinkSync(at(`${name}.txt`)), `${name}-real.txt`);
    }
  });

  it('deletes a link and not what it leads to, and does not move it', async () => {
    put('real.txt', 'a\n');
    symlinkSync('real.txt', at('link.txt'));
    await assert.rejects(move('link.txt', 'sub/link.txt'), { code: 'INVALID_INPUT' });
    assert.ok(lstatSync(at('link.txt')).isSymbolicLink());
    const expectedHash = (await workspace.read('moves/link.txt'))?.hash ?? '';
    await workspace.apply({ action: 'delete', path: 'moves/link.txt', expectedHash });
    assert.deepEqual(readdirSync(at('')), ['real.txt']);
  });

  it('writes nothing outside the workspace through a link', async () => {
    const outside = join(dirname(dirname(at(''))), 'outside.txt');
    writeFileSync(outside, 'theirs\n');
    symlinkSync(outside, at('link.txt'));
    const change = { action: 'modify', path: 'moves/link.txt', text: 'mine\n', expectedHash: '' } as const;
    await assert.rejects(workspace.apply(change), { code: 'OUTSIDE_WORKSPACE' });
    assert.equal(readFileSync(outside, 'utf8'), 'theirs\n');
    rmSync(outside);
    assert.equal(existsSync(outside), false);
  });

  it('refuses to change, move or delete a read-only file', async () => {
    put('a.txt', 'a\n');
    chmodSync(at('a.txt'), 0o444);
    await assert.rejects(modify('a.txt', 'b\n'), { code: 'READ_ONLY' });
    await assert.rejects(move('a.txt', 'b.txt'), { code: 'READ_ONLY' });
    assert.deepEqual(readdirSync(at('')), ['a.txt']);
    assert.equal(disk('a.txt'), 'a\n');
  });
});
