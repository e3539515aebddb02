import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cellsOf, deleteCell, editCell, insertCell } from '../../../src/workflow/edits/notebook.ts';
import { linesOf } from './oracle.ts';

interface Cell {
  cell_type: string;
  execution_count?: number | null;
  id?: string;
  metadata: object;
  outputs?: object[];
  source: string[] | string;
}
interface Notebook {
  cells: Cell[];
  metadata: object;
  nbformat: number;
  nbformat_minor: number;
}

const code = (source: string, outputs: object[] = []): Cell => ({
  cell_type: 'code',
  execution_count: 3,
  metadata: { tags: [] },
  outputs,
  source: linesOf(source),
});
const prose = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source: linesOf(source) });
const notebook = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 4,
});
const plot = { data: { 'image/png': 'iVBOR"]}{["', 'text/plain': ['<Figure "x">'] }, output_type: 'display_data' };
const sample = notebook(prose('# Überschrift\n\ntext'), code('import a\nx = "1"\nprint(x)\n', [plot]), code(''));

/** The ways programs write a notebook: as JSON.stringify does it, on lines of either end, or on one line with spaces. */
const styles: readonly (readonly [name: string, write: (value: unknown) => string])[] = [
  ['one space, as Jupyter', (value) => `${JSON.stringify(value, null, 1)}\n`],
  ['two spaces, no last line end', (value) => JSON.stringify(value, null, 2)],
  ['four spaces', (value) => `${JSON.stringify(value, null, 4)}\n\n`],
  ['tabs', (value) => JSON.stringify(value, null, '\t')],
  ['CRLF', (value) => `${JSON.stringify(value, null, 1)}\n`.replaceAll('\n', '\r\n')],
  ['one line', (value) => JSON.stringify(value)],
  ['one line with spaces', (value) => `${spaced(value)}\n`],
  ['escapes', (value) => ascii(JSON.stringify(value, null, 1))],
];

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`)
    .join(', ')}}`;
}

function ascii(json: string): string {
  return [...json].map((c) => (c > '~' ? [...Array(c.length).keys()].map((i) => hex(c, i)).join('') : c)).join('');
}
const hex = (text: string, at: number) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;

/** `sample` with the sources of some cells replaced. */
function withSources(of: Notebook, sources: Record<number, string>): Notebook {
  return {
    ...of,
    cells: of.cells.map((cell, index) => ({ ...cell, source: linesOf(sources[index + 1] ?? sourceOf(cell)) })),
  };
}
const sourceOf = ({ source }: Cell) => (typeof source === 'string' ? source : source.join(''));
const fails = (message: RegExp) => (error: { code?: string; message: string }) => {
  assert.equal(error.code, 'EDIT_MISS');
  assert.match(error.message, message);
  return true;
};

describe('the cells of a notebook', () => {
  for (const [name, write] of styles) {
    it(`are changed in place, as the program that wrote it would have: ${name}`, () => {
      const text = write(sample);
      assert.equal(
        editCell(text, 2, 'x = "1"', 'x = "é"\ny = 2'),
        write(withSources(sample, { 2: 'import a\nx = "é"\ny = 2\nprint(x)\n' })),
      );
      assert.equal(editCell(text, 2, 'import a\n', ''), write(withSources(sample, { 2: 'x = "1"\nprint(x)\n' })));
      assert.equal(
        editCell(text, 1, 'text', 'text\n\nmore'),
        write(withSources(sample, { 1: '# Überschrift\n\ntext\n\nmore' })),
      );
      assert.equal(editCell(text, 1, '# Überschrift\n\ntext', ''), write(withSources(sample, { 1: '' })));
      assert.equal(editCell(text, 3, '', 'a\nb'), write(withSources(sample, { 3: 'a\nb' })));
    });

    it(`are added and removed: ${name}`, () => {
      const text = write(sample);
      const added = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: ['é\n', 'b'] };
      for (const after of [0, 1, 3])
        assert.equal(
          insertCell(text, after, 'code', 'é\nb'),
          write({ ...sample, cells: sample.cells.toSpliced(after, 0, added) }),
        );
      for (const number of [1, 2, 3])
        assert.equal(deleteCell(text, number), write({ ...sample, cells: sample.cells.toSpliced(number - 1, 1) }));
      const one = write({ ...sample, cells: sample.cells.slice(0, 1) });
      assert.equal(
        insertCell(one, 1, 'markdown', 'x'),
        write({
          ...sample,
          cells: [...sample.cells.slice(0, 1), { cell_type: 'markdown', metadata: {}, source: ['x'] }],
        }),
      );
      const none = write({ ...sample, cells: [] });
      assert.equal(deleteCell(one, 1), none);
      if (name !== 'escapes') assert.equal(insertCell(none, 0, 'code', 'é\nb'), write({ ...sample, cells: [added] }));
    });
  }

  it('are numbered, with their source', () => {
    assert.deepEqual(cellsOf(JSON.stringify(sample)), [
      { number: 1, type: 'markdown', source: '# Überschrift\n\ntext', outputs: 0 },
      { number: 2, type: 'code', source: 'import a\nx = "1"\nprint(x)\n', outputs: 1 },
      { number: 3, type: 'code', source: '', outputs: 0 },
    ]);
  });

  it('may have their source as one string', () => {
    const text = JSON.stringify({ ...sample, cells: [{ ...prose(''), source: 'a\nb' }] }, null, 2);
    assert.equal(editCell(text, 1, 'b', 'ü'), text.replace('"a\\nb"', '"a\\nü"'));
  });

  it('keep the characters of lines that are as before', () => {
    const text = String.raw`{"cells":[{"cell_type":"raw","metadata":{},"source":["\u00e9\/\n", "b\n" ,"é"]}],"nbformat":4,"nbformat_minor":4}`;
    assert.equal(editCell(text, 1, 'b', 'ü'), text.replace('"b\\n" ,', '"ü\\n", ')); // One separator for all.
  });

  it('get an id of their own where cells have one', () => {
    const text = JSON.stringify({ ...sample, nbformat_minor: 5, cells: [{ ...code('a'), id: 'first' }] });
    const once = insertCell(text, 1, 'code', 'b');
    const { cells } = JSON.parse(insertCell(once, 1, 'code', 'b')) as Notebook;
    const ids = cells.map(({ id }) => id ?? '');
    assert.equal(new Set(ids).size, 3);
    for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{1,64}$/);
  });

  it('are not made up: what does not fit is refused with a reason', () => {
    const text = JSON.stringify(sample);
    assert.throws(() => editCell(text, 4, 'a', 'b'), fails(/no cell 4; the cells are 1 to 3/));
    assert.throws(() => editCell(text, 2, 'y = 1', 'b'), fails(/Nearest are/));
    assert.throws(() => editCell(text, 2, 'p', 'b'), fails(/2 times/));
    assert.throws(() => deleteCell(text, 0), fails(/no cell 0/));
    assert.throws(() => insertCell(text, 4, 'code', ''), fails(/no cell 4/));
    assert.throws(() => cellsOf('{'), fails(/not valid JSON/));
    assert.throws(() => cellsOf('[]'), fails(/nbformat 4/));
    assert.throws(() => cellsOf('{"nbformat":3,"worksheets":[]}'), fails(/nbformat 4/));
    assert.throws(() => cellsOf('{"nbformat":4}'), fails(/no list of cells/));
    assert.throws(() => cellsOf('{"nbformat":4,"cells":[{"cell_type":"code"}]}'), fails(/Cell 1 .* no source/));
  });

  it('survive outputs of any depth', () => {
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    const text = `{"nbformat":4,"cells":[{"outputs":[${deep}],"source":["a"]}],"metadata":${deep}}`;
    assert.equal(editCell(text, 1, 'a', 'b'), text.replace('["a"]', '["b"]'));
  });
});

describe('whatever a notebook is like', () => {
  const line = fc.constantFrom('x = 1', 'é "q"', '\\', '', '  ]},{[', '😀', '\t"', '\u2028');
  const source = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));
  const anyNotebook = fc
    .array(fc.tuple(source, fc.boolean()), { minLength: 1, maxLength: 4 })
    .map((cells) => notebook(...cells.map(([text, isCode]) => (isCode ? code(text, [plot]) : prose(text)))));
  const style = fc.constantFrom(...styles.filter(([name]) => name !== 'escapes').map(([, write]) => write));

  it('only the source of the cell changes', () => {
    fc.assert(
      fc.property(anyNotebook, style, fc.nat(), fc.nat(), source, (before, write, pick, at, written) => {
        const number = (pick % before.cells.length) + 1;
        const old = sourceOf(before.cells[number - 1] as Cell);
        const lines = linesOf(old);
        const quoted = lines.slice(at % (lines.length + 1)).join('');
        // The rest of the cell from some line on, if it is there once.
        const isUnique = quoted === '' ? old === '' : old.indexOf(quoted) === old.lastIndexOf(quoted);
        fc.pre(isUnique);
        const changed = old.slice(0, old.length - quoted.length) + written;
        assert.equal(
          editCell(write(before), number, quoted, written),
          write(withSources(before, { [number]: changed })),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('white space, key order and unknown keys stay, and the parsed notebook differs in that source alone', () => {
    const space = fc.constantFrom('', ' ', '\n', '\r\n\t', '   ');
    const parts = fc.record({ a: space, b: space, c: space, d: space, e: space, isLast: fc.boolean() });
    fc.assert(
      fc.property(parts, source, source, ({ a, b, c, d, e, isLast }, old, written) => {
        fc.pre(old !== '' && !/^\s*$/.test(old));
        const items = linesOf(old).map((text) => JSON.stringify(text));
        const other = `"source_of": ["source",${b}{"source": ["x"]}]`;
        const keys = (text: string) =>
          isLast ? `${other},${c}"source"${a}:${b}${text}` : `"source":${a}${text}${d},${other}`;
        const cell = (text: string) => `{${a}"zzz": 1e5,${b}${keys(text)}${e}}`;
        const whole = (text: string) =>
          `${a}{${b}"nbformat": 4, "cells"${c}:${d}[${e}${cell('["1"]')}${a},${b}${cell(text)}${c}]${d},"x": {"cells": []}}${e}`;
        const array = `[${a}${items.join(`${b},${c}`)}${d}]`;
        const [start, end] = whole('\0').split('\0');
        const result = editCell(whole(array), 2, old, written);
        assert.ok(result.startsWith(start ?? '') && result.endsWith(end ?? ''));
        assert.deepEqual(JSON.parse(result), JSON.parse(whole(JSON.stringify(linesOf(written)))));
      }),
      { numRuns: 500 },
    );
  });
});
