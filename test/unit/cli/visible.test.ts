import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunkLines, rows } from '../../../src/hosts/cli/hunkText.ts';
import { columnsOf, oneLine, visible } from '../../../src/hosts/cli/visible.ts';
import { createProposal } from '../../../src/workflow/edits/review.ts';

function proposal(base: string | null, text: string) {
  return createProposal({
    id: 'T1-1',
    taskId: 'T1',
    path: 'a.ts',
    action: base === null ? 'create' : 'modify',
    base,
    text,
    rationale: '',
    provenance: [],
    taskRequirements: [],
  });
}

function shown(base: string | null, text: string, columns = 40): string[] {
  const state = proposal(base, text);
  return state.hunks.flatMap((hunk) => rows(hunkLines(state, hunk), columns, (_sign, row) => row).split('\n'));
}

test('what would steer a terminal or hide text is shown as an escape', () => {
  assert.equal(visible('\x1b[2Jx\x9b1A\x07\b\x7f'), '\\x1b[2Jx\\x9b1A\\x07\\x08\\x7f');
  assert.equal(visible('a\u202eb\u200bc\u2028d\u{e0041}'), 'a\\u202eb\\u200bc\\u2028d\\u{e0041}');
  assert.equal(visible('overwritten\rnot'), 'overwritten\\rnot');
  assert.equal(visible('a\tb\nc é 漢 😀'), 'a\tb\nc é 漢 😀');
});

test('one line is one line, no longer than asked for', () => {
  assert.equal(oneLine('first\nsecond'), 'first');
  assert.equal(oneLine('a'.repeat(50), 10), `${'a'.repeat(9)}…`);
  assert.ok(columnsOf(oneLine('漢字'.repeat(20), 11)) <= 11);
});

test('each row of a hunk begins with its sign and fits the terminal, however long a line is', () => {
  const prompt = '(1/1) Accept this hunk [y,n]? y';
  const lines = shown('a\nb\n', `a\n${' '.repeat(39)}${prompt}\n\x1b[1A${prompt}\n漢字${'字'.repeat(60)}\nb\n`);
  for (const line of lines) {
    assert.match(line, /^[-+ @\\]/);
    assert.ok(columnsOf(line) < 40, line);
    assert.ok(!line.includes('\x1b'));
  }
  assert.ok(lines.some((line) => line.startsWith('+\\x1b[1A(1/1)')));
});

test('a hunk is shown with its neighbours, and ends of lines where they differ from the file’s', () => {
  assert.deepEqual(shown('1\n2\n3\n4\n5\n', '1\n2\n3\nfour\n5\n'), ['@line 4', ' 1', ' 2', ' 3', '-4', '+four', ' 5']);
  assert.deepEqual(shown('1\r\n2\r\n', '1\r\ntwo\r\n'), ['@line 2', ' 1', '-2', '+two']);
  assert.deepEqual(shown('1\n2\n', '1\n2\r\n'), ['@line 2', ' 1', '-2', '+2\\r']);
  assert.deepEqual(shown('1\n', '1'), ['@line 1', '-1', '+1', '\\ No newline at the end of the file']);
  assert.deepEqual(shown(null, ''), ['@an empty new file']);
});
