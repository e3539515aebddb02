import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEditBox } from './editBox.ts';

const cell = (type: string, source: string[], outputs?: object[]) => ({
  cell_type: type,
  ...(outputs ? { execution_count: 1 } : {}),
  metadata: {},
  ...(outputs ? { outputs } : {}),
  source,
});
const image = { data: { 'image/png': 'iVBORw0KGgo=' }, metadata: {}, output_type: 'display_data' };
const notebook = (...cells: object[]) =>
  `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }, null, 1)}\n`;
const title = cell('markdown', ['# Title\n', 'text']);
const before = notebook(title, cell('code', ['x = 1\n', 'print(x)'], [image]));

test('an agent reads the cells without their outputs, and changes one by its number', async (t) => {
  const { overlay, call } = openEditBox(t, { 'a.ipynb': before }).pass();
  assert.equal(
    await call('read_notebook', { path: 'a.ipynb' }),
    '--- cell 1 (markdown)\n# Title\ntext\n--- cell 2 (code, 1 output)\nx = 1\nprint(x)',
  );
  assert.equal(
    await call('edit_cell', { path: 'a.ipynb', cell: 2, oldText: 'x = 1', newText: 'x = 2' }),
    'Edited cell 2 of a.ipynb.',
  );
  assert.match(await call('insert_cell', { path: 'a.ipynb', after: 0, type: 'raw', source: 'first' }), /It is cell 1/);
  assert.match(await call('delete_cell', { path: 'a.ipynb', cell: 2 }), /Deleted it/);
  assert.equal(
    await call('read_notebook', { path: 'a.ipynb', startCell: 2 }),
    '--- cell 2 (code, 1 output)\nx = 2\nprint(x)',
  );
  const [change] = overlay.changes();
  assert.equal(change?.baseText, before);
  assert.equal(change?.text, notebook(cell('raw', ['first']), cell('code', ['x = 2\n', 'print(x)'], [image])));
});

test('what an edit says of itself stays with the lines it wrote, wherever they move to', async (t) => {
  const { overlay, call } = openEditBox(t, { 'a.ipynb': before }).pass();
  await call('edit_cell', { path: 'a.ipynb', cell: 2, oldText: 'x = 1', newText: 'x = 2', why: 'two' });
  await call('insert_cell', { path: 'a.ipynb', after: 0, type: 'markdown', source: 'a\nb', why: 'first' });
  const [change] = overlay.changes();
  const lines = change?.text?.split('\n') ?? [];
  const written = Object.fromEntries(
    change?.provenance.map(({ why, range }) => [why, lines.slice(range.start, range.start + range.count)]) ?? [],
  );
  assert.deepEqual(written.two, ['    "x = 2\\n",']);
  assert.ok(written.first?.includes('    "b"'));
});

test('an agent is told why a notebook or a cell cannot be changed', async (t) => {
  const { overlay, call } = openEditBox(t, { 'a.ipynb': before, 'b.ipynb': '{}', 'c.ipynb': '' }).pass();
  const edit = { oldText: 'nothing', newText: 'x' };
  assert.match(await call('edit_cell', { path: 'a.ipynb', cell: 2, ...edit }), /Nearest are/);
  assert.match(await call('edit_cell', { path: 'a.ipynb', cell: 3, ...edit }), /no cell 3; the cells are 1 to 2/);
  assert.match(await call('edit_cell', { path: 'b.ipynb', cell: 1, ...edit }), /no notebook of nbformat 4/);
  assert.match(await call('read_notebook', { path: 'c.ipynb' }), /not valid JSON/);
  assert.match(await call('read_notebook', { path: 'd.ipynb' }), /no file d\.ipynb/);
  assert.match(await call('edit_cell', { path: '../a.ipynb', cell: 1, ...edit }), /not a path inside/);
  assert.match(await call('read_notebook', { path: 'a.ipynb', startCell: 9 }), /only 2 cells/);
  assert.deepEqual(overlay.changes(), []);
});

test('a long notebook is read in parts', async (t) => {
  const long = cell(
    'code',
    Array.from({ length: 450 }, (_, line) => `line ${line}\n`),
    [],
  );
  const { call } = openEditBox(t, { 'a.ipynb': notebook(long, title, title) }).pass();
  const first = await call('read_notebook', { path: 'a.ipynb' });
  assert.match(
    first,
    /line 399\n… 51 more lines in cell 1; read them with read_file\n… 2 more cells, from startCell 2$/,
  );
  assert.match(await call('read_notebook', { path: 'a.ipynb', startCell: 2 }), /^--- cell 2.*--- cell 3.*text$/s);
});

test('a plain edit that would break the JSON of a notebook is refused', async (t) => {
  const { overlay, call } = openEditBox(t, { 'a.ipynb': before }).pass();
  const broken = { path: 'a.ipynb', oldText: '"x = 1\\n",', newText: '"x = "1"\\n",' };
  assert.match(await call('edit_file', broken), /not be JSON.*edit_cell/);
  assert.match(await call('write_file', { path: 'new.ipynb', content: 'x = 1' }), /not be JSON/);
  assert.deepEqual(overlay.changes(), []);
  await call('edit_file', { path: 'a.ipynb', oldText: '"x = 1\\n",', newText: '"x = 2\\n",' });
  assert.equal(overlay.changes().length, 1);
});
