import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ranNoTests } from '../../../src/workflow/checks/noTests.ts';

for (const output of [
  'TAP version 13\n1..0\n# tests 0\n# pass 0\n',
  'ℹ tests 0\nℹ pass 0',
  'collected 0 items\n',
  '===== no tests ran in 0.01s =====',
  'No test files found, exiting with code 0',
  "make: 'test' is up to date.",
  "make: Nothing to be done for 'test'.",
]) {
  test(`a run that says “${output.trim().split('\n').at(-1)}” shows nothing`, () => assert.ok(ranNoTests(output)));
}

for (const output of [
  '# tests 12\n# fail 0',
  'ℹ tests 10',
  'collected 10 items',
  'logs: no tests ran here\n# tests 3',
  "make[1]: Nothing to be done for 'all'.\nPASS",
]) {
  test(`a run that says “${output.split('\n').at(-1)}” ran some`, () => assert.ok(!ranNoTests(output)));
}
