import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckCommand, CheckRun } from '../../../src/workflow/checks/checks.ts';
import { proofOfFile, testCommandsFor } from '../../../src/workflow/checks/proofs.ts';
import { resultsOf, withInherited } from '../../../src/workflow/checks/results.ts';

const command = (name: string, over: Partial<CheckCommand> = {}): CheckCommand => ({
  name,
  kind: 'test',
  command: [name],
  cwd: '.',
  ...over,
});
const run = (over: Partial<CheckRun>): CheckRun => ({
  name: 'test',
  outcome: 'passed',
  exitCode: 0,
  durationMs: 1,
  output: '',
  ...over,
});
const failed = (...failures: string[]) => run({ outcome: 'failed', exitCode: 1, failures });

test('a task is not blamed for what the tasks it builds on have left failing', () => {
  const left = [[failed('a.test.ts: x')]];
  const [before] = withInherited([run({})], left);
  const [result] = resultsOf([command('test')], before ? [before] : [], [failed('a.test.ts: x')]);
  assert.equal(result?.verdict, 'already failing');
  const [worse] = resultsOf([command('test')], before ? [before] : [], [failed('a.test.ts: x', 'b.test.ts: y')]);
  assert.deepEqual(worse?.newFailures, ['b.test.ts: y']);
});

test('what several tasks left adds up; what they mended does not hide what was there', () => {
  const [before] = withInherited([failed('old: x')], [[run({})], [failed('a: y')], [failed('b: z')]]);
  assert.deepEqual(before?.failures, ['old: x', 'a: y', 'b: z']);
});

test('a check that could not run before claims nothing', () => {
  const [result] = resultsOf([command('test')], [], [failed('a: x')]);
  assert.equal(result?.verdict, 'unknown');
  const cut = run({ outcome: 'timed-out', exitCode: null, cut: 'It was stopped: it took longer than 1 s.' });
  assert.match(resultsOf([command('test')], [run({})], [cut])[0]?.reason ?? '', /longer than 1 s/);
});

test('a test is run by the commands nearest to it', () => {
  const commands = [
    command('all'),
    command('a', { cwd: 'packages/a' }),
    command('lint', { kind: 'lint', cwd: 'packages/a' }),
  ];
  const names = (path: string) => testCommandsFor(path, commands).map(({ name }) => name);
  assert.deepEqual(names('packages/a/x.test.ts'), ['a']);
  assert.deepEqual(names('packages/ab/x.test.ts'), ['all']);
  assert.deepEqual(testCommandsFor('x.test.ts', []), []);
});

test('of test files run together, each is judged by its own tests', () => {
  const file = (path: string) => ({ path, text: '' });
  const runs = { withImplementation: run({}), withoutImplementation: failed('real.test.ts: x') };
  assert.equal(proofOfFile(file('real.test.ts'), command('test'), runs).verdict, 'proven');
  assert.equal(proofOfFile(file('empty.test.ts'), command('test'), runs).verdict, 'vacuous');
  const unnamed = { ...runs, withoutImplementation: run({ outcome: 'failed', exitCode: 1 }) };
  assert.equal(proofOfFile(file('empty.test.ts'), command('test'), unnamed).verdict, 'proven');
});
