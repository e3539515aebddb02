import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyEdit } from '../../../src/workflow/edits/match.ts';
import { Overlay } from '../../../src/workflow/edits/overlay.ts';
import { linesOf } from './oracle.ts';
import { anyText } from './texts.ts';

describe('edit_file', () => {
  it('replaces what is there exactly once', () => {
    const edit = applyEdit('a\nb\nc\n', 'b\n', 'B\nB2\n');
    assert.equal(edit.text, 'a\nB\nB2\nc\n');
    assert.deepEqual([edit.newRange, edit.removed, edit.how], [{ start: 1, count: 2 }, 1, 'exact']);
  });

  it('says which lines it replaced by which, also where it cuts or joins lines', () => {
    const lfText = anyText.map((text) => text.replaceAll('\r', ''));
    const cut = fc.tuple(fc.nat(), fc.nat({ max: 8 }));
    const written = fc.string({ unit: fc.constantFrom('x', 'y', '\n') });
    fc.assert(
      fc.property(lfText, cut, written, (text, [at, length], newText) => {
        const start = at % Math.max(1, text.length);
        const oldText = text.slice(start, start + length);
        const once = text.indexOf(oldText) === text.lastIndexOf(oldText);
        fc.pre(once && oldText !== '' && oldText.isWellFormed());
        const edit = applyEdit(text, oldText, newText);
        assert.equal(edit.text, text.slice(0, start) + newText + text.slice(start + oldText.length));
        const lines = linesOf(text);
        const { start: first, count } = edit.newRange;
        lines.splice(first, edit.removed, ...linesOf(edit.text).slice(first, first + count));
        assert.equal(lines.join(''), edit.text);
      }),
      { numRuns: 2000 },
    );
    assert.deepEqual(applyEdit('abc\nd\n', 'b', '').newRange, { start: 0, count: 1 });
    assert.deepEqual(applyEdit('ab\nc\n', 'b\n', '').removed, 2);
  });

  it('keeps the file’s line ends', () => {
    assert.equal(applyEdit('a\r\nb\r\n', 'a\nb', 'x\ny').text, 'x\r\ny\r\n');
  });

  it('does not cut a line end or a character in two', () => {
    assert.equal(applyEdit('a\r\nb\r\n', '\nb', '\nX').text, 'a\r\nX\r\n');
    assert.throws(() => applyEdit('a😀b\n', '\ude00b', 'x'), { code: 'EDIT_MISS' });
    assert.throws(() => applyEdit('a😀b\n', 'a\ud83d', 'x'), { code: 'EDIT_MISS' });
  });

  it('writes the line ends of the lines it replaces where a file has both kinds', () => {
    assert.equal(applyEdit('a\r\nb\r\nc\nd\n', 'c\nd\n', 'x\ny\n').text, 'a\r\nb\r\nx\ny\n');
    assert.equal(applyEdit('a\nb\nc\r\nd\r\ne\n', 'c\nd', 'x\ny').text, 'a\nb\nx\r\ny\r\ne\n');
    assert.equal(applyEdit('a\r\nb\nc\n', 'a\r\n', 'x\ny\n').text, 'x\r\ny\r\nb\nc\n');
  });

  it('takes a unique match that differs in white space, with the file’s indentation', () => {
    const edit = applyEdit('f() {\n\t\tone();\n\t\ttwo();\n}\n', '  one();\n  two();', '  one();\n    three();');
    assert.equal(edit.text, 'f() {\n\t\tone();\n\t\t  three();\n}\n');
    assert.equal(edit.how, 'whitespace');
  });

  it('refuses an ambiguous match and names every line', () => {
    assert.throws(() => applyEdit('x\ny\nx\n', 'x', 'z'), { code: 'EDIT_MISS', message: /2 times, at lines 1, 3/ });
  });

  it('answers a miss with the nearest lines', () => {
    assert.throws(() => applyEdit('alpha();\nbeta(1);\ngamma();\ndelta();\n', 'beta(2);', ''), {
      code: 'EDIT_MISS',
      message: /2\tbeta\(1\);/,
    });
  });

  it('refuses an empty oldText', () => {
    assert.throws(() => applyEdit('x', '', 'y'), { code: 'EDIT_MISS', message: /write_file/ });
  });
});

describe('overlay', () => {
  const why = { requirementIds: ['R1'], why: 'because' };
  const over = (files: Record<string, string>) =>
    new Overlay(async (path) =>
      path in files ? { path, text: files[path] ?? '', hash: '', readOnly: false, dirty: false } : null,
    );

  it('makes several edits of one file or none, each on what the ones before made of it', async () => {
    const overlay = over({ 'a.ts': 'a\nb\nc\n' });
    const edits = [
      { oldText: 'a\n', newText: 'A\nA2\n' },
      { oldText: 'A2\n', newText: 'two\n' },
      { oldText: 'c', newText: 'C' },
    ];
    const effect = await overlay.editAll('a.ts', edits, why);
    assert.equal(effect.text, 'A\ntwo\nb\nC\n');
    assert.equal(effect.provenance.length, 3);
    await assert.rejects(
      overlay.editAll('a.ts', [...edits.slice(0, 1), { oldText: 'nowhere', newText: '' }], why),
      /Edit 2 of 2, so none was made/,
    );
    assert.deepEqual(overlay.changes(), []);
  });

  it('shows an agent its own changes and leaves the files alone', async () => {
    const files = { 'a.ts': 'one\n', 'b.ts': 'x\n' };
    const overlay = over(files);
    overlay.applyEffect(await overlay.edit('a.ts', 'one', 'two', why));
    overlay.applyEffect(await overlay.write('new.ts', 'n\n', why));
    overlay.applyEffect(await overlay.remove('b.ts', why));
    assert.equal((await overlay.read('a.ts'))?.text, 'two\n');
    assert.equal((await overlay.read('new.ts'))?.text, 'n\n');
    assert.equal(await overlay.read('b.ts'), null);
    assert.deepEqual(overlay.paths(['a.ts', 'b.ts']), ['a.ts', 'new.ts']);
    assert.deepEqual(
      overlay.changes().map(({ path, action }) => [path, action]),
      [
        ['a.ts', 'modify'],
        ['new.ts', 'create'],
        ['b.ts', 'delete'],
      ],
    );
    assert.deepEqual(files, { 'a.ts': 'one\n', 'b.ts': 'x\n' });
  });

  it('keeps where each line comes from when later edits shift it', async () => {
    const overlay = over({ 'a.ts': 'a\nb\nc\nd\n' });
    overlay.applyEffect(await overlay.edit('a.ts', 'c\n', 'C\n', { requirementIds: ['R2'], why: '' }));
    overlay.applyEffect(await overlay.edit('a.ts', 'a\n', 'A\nA2\n', why));
    const ranges = overlay
      .changes()[0]
      ?.provenance.map(({ range, requirementIds }) => [range.start, requirementIds[0]]);
    assert.deepEqual(ranges, [
      [3, 'R2'],
      [0, 'R1'],
    ]);
  });

  it('moves a file', async () => {
    const overlay = over({ 'a.ts': 'a\n' });
    overlay.applyEffect(await overlay.rename('a.ts', 'b.ts', why));
    assert.equal(await overlay.read('a.ts'), null);
    assert.deepEqual(
      overlay.changes().map(({ path, action, from }) => [path, action, from]),
      [['b.ts', 'rename', 'a.ts']],
    );
  });

  it('forgets a change that was taken back', async () => {
    const overlay = over({ 'a.ts': 'a\n' });
    overlay.applyEffect(await overlay.edit('a.ts', 'a', 'b', why));
    overlay.applyEffect(await overlay.edit('a.ts', 'b', 'a', why));
    assert.deepEqual(overlay.changes(), []);
  });

  it('refuses paths outside the workspace and secrets', async () => {
    const overlay = over({});
    await assert.rejects(overlay.write('../x', '', why), { code: 'OUTSIDE_WORKSPACE' });
    await assert.rejects(overlay.write('.env', '', why), { code: 'DENIED_PATH' });
  });
});

it('says which characters of a near line differ', () => {
  const told = (oldText: string) => {
    try {
      applyEdit("const greeting = 'hello';\nconst other = 1;\n", oldText, 'x');
      return 'no miss';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(told("const greeting = 'hallo';"), /1\tconst greeting = 'hello';\n\t\(“a” is “e”\)/);
  assert.match(told("const greting = 'hello';"), /“e” is there as well/);
  assert.match(told("const\u00a0greeting = 'hello'"), /no-break space|there as well/);
  assert.doesNotMatch(told('something else altogether'), /is there as well/);
});
