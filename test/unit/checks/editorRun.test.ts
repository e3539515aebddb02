import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editorCheck, editorRun, renamed } from '../../../src/workflow/checks/editorRun.ts';
import { resultsOf } from '../../../src/workflow/checks/results.ts';
import type { Diagnostic, FoundProblems } from '../../../src/workflow/ports.ts';

const problem = (message: string, over: Partial<Diagnostic> = {}): Diagnostic => ({
  path: 'src/a.ts',
  line: 1,
  severity: 'error',
  message,
  ...over,
});
const found = (...problems: Diagnostic[]): FoundProblems => ({ problems, asked: 1, answered: 1 });
const verdict = (before: FoundProblems | null, after: FoundProblems) =>
  resultsOf([editorCheck], before ? [editorRun(before, 1)] : [], [editorRun(after, 1, before)])[0];

test('an error that was there before is not new, also when its line has moved', () => {
  const result = verdict(found(problem('ts(1): no')), found(problem('ts(1): no', { line: 9 })));
  assert.equal(result?.verdict, 'already failing');
  assert.deepEqual(result?.newFailures, []);
});

test('a second error like one that was there is new', () => {
  const result = verdict(found(problem('ts(1): no')), found(problem('ts(1): no'), problem('ts(1): no', { line: 5 })));
  assert.equal(result?.verdict, 'new failure');
  assert.deepEqual(result?.newFailures, ['src/a.ts: ts(1): no (2)']);
  assert.match(result?.output ?? '', /^src\/a\.ts:5: error: ts\(1\): no$/m);
});

test('an error in a file that was moved is the one it had under its old name', () => {
  const before = renamed(found(problem('no', { path: 'src/old.ts' })), new Map([['src/old.ts', 'src/a.ts']]));
  assert.equal(verdict(before, found(problem('no')))?.verdict, 'already failing');
});

test('new warnings are told and fail nothing; those from before are not told', () => {
  const warning = (message: string) => problem(message, { severity: 'warning' });
  const result = verdict(found(warning('old')), found(warning('old'), warning('new')));
  assert.equal(result?.verdict, 'passes');
  assert.match(result?.reason ?? '', /One new warning\./);
  assert.equal(result?.output, 'src/a.ts:1: warning: new');
});

test('what was not looked at without the edits is not blamed on them', () => {
  const silent: FoundProblems = { problems: [], asked: 1, answered: 0 };
  assert.equal(verdict(silent, found(problem('no')))?.verdict, 'unknown');
  const late: FoundProblems = { problems: [], asked: 1, answered: 1, cut: 'They were still at work.' };
  assert.equal(verdict(late, found(problem('no')))?.verdict, 'unknown');
  assert.match(verdict(null, late)?.reason ?? '', /still at work/);
  assert.equal(verdict(null, late)?.verdict, 'unknown');
});

test('silence is not taken for a pass: of all files, or of one of them', () => {
  const silent = { problems: [], asked: 1, answered: 0 };
  assert.equal(verdict(null, silent)?.verdict, 'unknown');
  assert.match(verdict(null, silent)?.reason ?? '', /has said nothing of it/);
  const half = { problems: [], asked: 3, answered: 2 };
  assert.equal(verdict(null, half)?.verdict, 'unknown');
  assert.match(verdict(null, half)?.reason ?? '', /said nothing of 1 of 3 files/);
  assert.equal(verdict(null, { ...half, problems: [problem('no')] })?.verdict, 'unknown', 'was it there before?');
  assert.equal(verdict(found(), { ...half, problems: [problem('no')] })?.verdict, 'new failure');
  assert.equal(verdict(null, { problems: [], asked: 3, answered: 3 })?.verdict, 'passes');
});

test('all errors of a new file are new', () => {
  const none: FoundProblems = { problems: [], asked: 0, answered: 0 };
  assert.equal(verdict(none, found(problem('no')))?.verdict, 'new failure');
});
