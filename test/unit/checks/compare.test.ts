import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CheckRun } from '../../../src/workflow/checks/checks.ts';
import { compareRuns } from '../../../src/workflow/checks/compare.ts';
import { provesItself } from '../../../src/workflow/checks/testsThatTest.ts';

const run = (outcome: CheckRun['outcome'], failures?: string[]): CheckRun => ({
  name: 'npm test',
  outcome,
  exitCode: outcome === 'passed' ? 0 : 1,
  durationMs: 1,
  output: '',
  ...(failures ? { failures } : {}),
});
const passed = run('passed');
const failed = run('failed');
const hung = run('timed-out');
const missing = run('not-run');
const failing = (...names: string[]) => run('failed', names);
const verdict = (before: CheckRun, after: CheckRun) => compareRuns(before, after).verdict;

describe('comparing a check with and without proposals', () => {
  it('goes by the outcome where no test is named', () => {
    assert.equal(verdict(passed, passed), 'passes');
    assert.equal(verdict(passed, failed), 'new failure');
    assert.equal(verdict(passed, hung), 'new failure');
    assert.equal(verdict(failed, passed), 'mended');
    assert.equal(verdict(hung, passed), 'mended');
    assert.equal(verdict(failed, failed), 'already failing');
    assert.equal(verdict(hung, hung), 'already failing');
    assert.equal(verdict(hung, failed), 'already failing');
    assert.equal(verdict(failed, hung), 'new failure');
  });

  it('tells a new failure among old ones', () => {
    const comparison = compareRuns(failing('a', 'b'), failing('b', 'c'));
    assert.equal(comparison.verdict, 'new failure');
    assert.deepEqual([comparison.newFailures, comparison.stillFailing, comparison.mended], [['c'], ['b'], ['a']]);
    assert.match(comparison.reason, /“c” did not fail before/);
  });

  it('is no new failure when fewer tests fail than before', () => {
    const comparison = compareRuns(failing('a', 'b'), failing('b'));
    assert.equal(comparison.verdict, 'already failing');
    assert.deepEqual(comparison.mended, ['a']);
  });

  it('is a new failure when the tests no longer get as far as failing', () => {
    const comparison = compareRuns(failing('a'), failed);
    assert.equal(comparison.verdict, 'new failure');
    assert.deepEqual(comparison.mended, []);
  });

  it('calls no test new where it is not known which failed before', () => {
    const comparison = compareRuns(failed, failing('a'));
    assert.equal(comparison.verdict, 'already failing');
    assert.deepEqual(comparison.newFailures, []);
  });

  it('claims nothing where one side could not be run', () => {
    for (const other of [passed, failed, hung, missing]) assert.equal(verdict(other, missing), 'unknown');
    assert.equal(verdict(missing, failed), 'unknown');
    assert.equal(verdict(missing, passed), 'passes');
  });
});

describe('tests that test', () => {
  const proof = (withIt: CheckRun, without: CheckRun) =>
    provesItself({ withImplementation: withIt, withoutImplementation: without }).verdict;

  it('pass with the implementation and fail without it', () => {
    assert.equal(proof(passed, failed), 'proven');
    assert.equal(proof(passed, failing('a')), 'proven');
  });

  it('are vacuous when they pass without it', () => {
    assert.equal(proof(passed, passed), 'vacuous');
    assert.equal(proof(failed, passed), 'vacuous');
  });

  it('prove nothing when they fail with it, hang or cannot be run', () => {
    assert.equal(proof(failed, failed), 'unproven');
    for (const other of [hung, missing]) {
      assert.equal(proof(other, failed), 'unproven');
      assert.equal(proof(passed, other), 'unproven');
    }
  });

  it('are told from tests that fail either way', () => {
    assert.equal(proof(failing('old'), failing('old', 'new')), 'proven');
    assert.equal(proof(failing('old'), failing('old')), 'unproven');
    assert.equal(proof(failing('old', 'broken'), failing('old', 'new')), 'unproven');
  });
});
