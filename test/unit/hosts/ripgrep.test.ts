import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { rgPath } from '@vscode/ripgrep';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { editorsRipgrep } from '../../../src/hosts/node/ripgrep.ts';

const files: Record<string, string | Buffer> = {
  'src/a.ts': 'const Needle = 1;\n',
  'src/deep/b.ts': 'NEEDLE twice, needle\r\n',
  'src/c.ts': 'nothing here\n',
  '.github/hidden.yml': 'needle: true\n',
  'spaced name.md': 'A needle.\n',
  'ümlaut.md': 'nEEdle\n',
  '-dash.txt': 'needle\n',
  'utf16.txt': Buffer.from('\uFEFFneedle\n', 'utf16le'),
  'ignored/x.ts': 'needle\n',
  'src/.gitignore': 'local.ts\n',
  'src/local.ts': 'needle\n',
  'node_modules/x.js': 'needle\n',
  '.ignore': 'src/a.ts\n',
  '.gitignore': 'ignored/\n',
};

function workspaceWith(ripgrep: () => Promise<string | undefined>) {
  const root = mkdtempSync(join(tmpdir(), 'planwright-rg-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, workspace: new NodeWorkspace(root, { ripgrep }) };
}

test('ripgrep finds every listed file that has the text, whatever the case, and none that has not', async (t) => {
  const { root, workspace } = workspaceWith(async () => rgPath);
  t.after(() => rmSync(root, { recursive: true }));
  const found = await workspace.filesContaining('needle');
  const listed = await workspace.listFiles();
  const reading = await Promise.all(
    listed.map(async (path) => {
      const file = await workspace.read(path).catch(() => null);
      return file?.text.toLowerCase().includes('needle') ? path : undefined;
    }),
  );
  const expected = reading.filter((path) => path !== undefined);
  assert.ok(expected.length >= 6);
  for (const path of expected) assert.ok(found?.has(path), path);
  assert.ok(!found?.has('src/c.ts'));
  assert.ok(!found?.has('node_modules/x.js'));
});

test('text that looks like a flag or a pattern is taken as it stands', async (t) => {
  const { root, workspace } = workspaceWith(async () => rgPath);
  t.after(() => rmSync(root, { recursive: true }));
  assert.deepEqual(await workspace.filesContaining('--files'), new Set());
  assert.deepEqual(await workspace.filesContaining('n.edle'), new Set());
});

test('a ripgrep that is not there or does not run is no answer, so that files are read instead', async (t) => {
  const { root, workspace } = workspaceWith(async () => join(tmpdir(), 'no-such-rg'));
  t.after(() => rmSync(root, { recursive: true }));
  assert.equal(await workspace.filesContaining('needle'), null);
  assert.equal(await new NodeWorkspace(root).filesContaining('needle'), null);
  assert.equal(await editorsRipgrep(root), undefined);
});

test('the editor’s own ripgrep is found in its installation', async (t) => {
  const { root } = workspaceWith(async () => undefined);
  t.after(() => rmSync(root, { recursive: true }));
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const file = join(root, 'node_modules', '@vscode', 'ripgrep', 'bin', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  assert.equal(await editorsRipgrep(root), file);
});
