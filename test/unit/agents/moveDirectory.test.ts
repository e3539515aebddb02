import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDangerousChange } from '../../../src/workflow/guards.ts';
import { openEditBox } from './editBox.ts';

const files = { 'src/a.ts': 'a\n', 'src/sub/b.ts': 'b\r\n', 'srcs/c.ts': 'c\n', 'lib/d.ts': 'd\n' };

test('moving a folder is a move of each of its files, with what was changed in them before', async (t) => {
  const { overlay, call } = openEditBox(t, files).pass();
  await call('edit_file', { path: 'src/a.ts', oldText: 'a', newText: 'A' });
  assert.equal(await call('move_directory', { from: 'src/', to: 'lib/core' }), 'Moved 2 files to lib/core.');
  const changes = overlay.changes();
  assert.deepEqual(
    changes.map(({ path, from, action, baseText, text }) => ({ path, from, action, baseText, text })),
    [
      { path: 'lib/core/a.ts', from: 'src/a.ts', action: 'rename', baseText: 'a\n', text: 'A\n' },
      { path: 'lib/core/sub/b.ts', from: 'src/sub/b.ts', action: 'rename', baseText: 'b\r\n', text: 'b\r\n' },
    ],
  );
  assert.deepEqual(changes[1]?.provenance.at(-1)?.requirementIds, ['R1']);
  assert.equal(await overlay.read('src/a.ts'), null);
  assert.equal(await call('list_files', {}), 'lib/core/a.ts\nlib/core/sub/b.ts\nlib/d.ts\nsrcs/c.ts');
});

test('a folder is moved as a whole or not at all', async (t) => {
  const { overlay, call } = openEditBox(t, {
    ...files,
    'src/icon.png': Buffer.from([0x89, 0, 1]),
    'lib/sub/b.ts': '',
  }).pass();
  const answer = await call('move_directory', { from: 'src', to: 'lib' });
  assert.match(answer, /src was not moved.*\n.*src\/icon\.png is not text.*\n.*a file lib\/sub\/b\.ts already/s);
  assert.match(await call('move_directory', { from: 'src', to: 'src/inner' }), /into itself/);
  assert.match(await call('move_directory', { from: 'src', to: 'src' }), /into itself/);
  assert.match(await call('move_directory', { from: 'nothing', to: 'lib' }), /no folder nothing/);
  assert.match(await call('move_directory', { from: 'src', to: '../out' }), /not a path inside/);
  assert.match(await call('move_directory', { from: '.git', to: 'git' }), /off limits/);
  assert.deepEqual(overlay.changes(), []);
});

test('each file of a moved folder is guarded on its own', async (t) => {
  const { overlay, call } = openEditBox(t, {
    'app/package.json': '{}\n',
    'app/a.ts': '',
    'app/.vscode/tasks.json': '{}',
    'app/.env': 'KEY=1',
  }).pass();
  assert.equal(await call('move_directory', { from: 'app', to: 'web' }), 'Moved 3 files to web.');
  const guarded = overlay.changes().filter(isDangerousChange);
  assert.deepEqual(
    guarded.map(({ path }) => path),
    ['web/.vscode/tasks.json', 'web/package.json'],
  );
  const into = openEditBox(t, { 'flows/ci.yml': 'on: push\n' }).pass();
  await into.call('move_directory', { from: 'flows', to: '.github/workflows' });
  assert.ok(into.overlay.changes().every(isDangerousChange));
});

test('a replay moves the same files, although the folder has others by now', async (t) => {
  const { folder, pass } = openEditBox(t, files);
  const first = pass();
  await first.call('move_directory', { from: 'src', to: 'core' });
  writeFileSync(join(folder, 'src/new.ts'), '');
  writeFileSync(join(folder, 'src/a.ts'), 'changed\n');
  const second = pass();
  await second.call('move_directory', { from: 'src', to: 'core' });
  assert.deepEqual(second.overlay.changes(), first.overlay.changes());
});

test('a file moved twice is one move, also back to where it was', async (t) => {
  const { overlay, call } = openEditBox(t, files).pass();
  await call('move_directory', { from: 'src', to: 'core' });
  await call('rename_file', { from: 'core/a.ts', to: 'main.ts' });
  const moves = overlay.changes().map(({ path, from }) => `${from} → ${path}`);
  assert.deepEqual(moves, ['src/sub/b.ts → core/sub/b.ts', 'src/a.ts → main.ts']);
  assert.equal(await overlay.read('core/a.ts'), null);
  await call('move_directory', { from: 'core', to: 'src' });
  await call('rename_file', { from: 'main.ts', to: 'src/a.ts' });
  assert.deepEqual(overlay.changes(), []);
});

test('a file is renamed in case only', async (t) => {
  const { overlay, call } = openEditBox(t, { 'README.md': 'hi\n' }).pass();
  assert.equal(await call('rename_file', { from: 'README.md', to: 'Readme.md' }), 'Moved it to Readme.md.');
  assert.deepEqual(
    overlay.changes().map(({ path, from, action }) => ({ path, from, action })),
    [{ path: 'Readme.md', from: 'README.md', action: 'rename' }],
  );
});

test('nothing is moved onto a file that this task has deleted', async (t) => {
  const { call } = openEditBox(t, files).pass();
  await call('delete_file', { path: 'lib/d.ts' });
  assert.match(await call('rename_file', { from: 'src/a.ts', to: 'lib/d.ts' }), /write_file/);
});

test('a file that is moved and then deleted is deleted where it was', async (t) => {
  const { overlay, call } = openEditBox(t, files).pass();
  await call('rename_file', { from: 'src/a.ts', to: 'b.ts' });
  await call('delete_file', { path: 'b.ts' });
  assert.deepEqual(
    overlay.changes().map(({ path, from, action, baseText }) => ({ path, from, action, baseText })),
    [{ path: 'src/a.ts', from: undefined, action: 'delete', baseText: 'a\n' }],
  );
  assert.equal(await overlay.read('b.ts'), null);
});
