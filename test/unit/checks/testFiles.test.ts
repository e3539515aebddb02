import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsIn, testRole } from '../../../src/workflow/checks/testFiles.ts';

test('knows tests by the names that toolchains look for', () => {
  for (const path of [
    'src/a.test.ts',
    'a.spec.tsx',
    'lib/a-test.mjs',
    'lib/test-a.js',
    'lib/a_spec.js',
    'src/a.tests.ts',
    'shop/tests.py',
    'test.js',
    'tests/test_a.py',
    'pkg/a_test.py',
    'pkg/a_test.go',
    'tests/total.rs',
    'src/test/java/org/x/BasketTest.java',
    'Shop.Tests/BasketTests.cs',
    'spec/basket_spec.rb',
    'tests/BasketTest.php',
    'cli.bats',
  ]) {
    assert.equal(testRole(path, ''), 'test', path);
  }
});

test('takes what else is in a test folder for support, unless it defines tests', () => {
  for (const path of [
    'conftest.py',
    'test/fixtures/a.json',
    'src/__snapshots__/a.test.ts.snap',
    'pkg/testdata/a.txt',
  ]) {
    assert.equal(testRole(path, ''), 'support', path);
  }
  assert.equal(testRole('test/helper.js', 'export const helper = 1;\n'), 'support');
  assert.equal(testRole('test/basket.js', "import { test } from 'node:test';\ntest('x', () => {});\n"), 'test');
  assert.equal(testRole('tests/basket.py', 'def test_it():\n    pass\n'), 'test');
});

test('of a file that is only planned, its place and its name decide', () => {
  for (const path of ['test/slug.ts', 'tests/unit/basket.py', 'src/__tests__/App.tsx', 'tests/total.rs']) {
    assert.equal(testRole(path, null), 'test', path);
  }
  for (const path of [
    'test/helper.js',
    'tests/__init__.py',
    'test/fixtures/a.ts',
    'test/README.md',
    'tests/setup.ts',
  ]) {
    assert.equal(testRole(path, null), 'support', path);
  }
  for (const path of ['src/slug.ts', 'docs/testing.md']) assert.equal(testRole(path, null), 'other', path);
});

test('leaves everything else to be what is tested', () => {
  for (const path of ['src/a.ts', 'src/contest.ts', 'src/latest.py', 'README.md', 'src/lib.rs', 'attest/a.ts']) {
    assert.equal(testRole(path, "test('x', () => {})"), 'other', path);
  }
});

test('tells which file a failing test stands in, however its runner names it', () => {
  const inFile = (failure: string, path: string, text = '', cwd = '.') => failsIn(failure, { path, text, cwd });
  assert.ok(inFile('test/a.test.ts: adds', 'test/a.test.ts'));
  assert.ok(inFile('test/a.test.ts', 'test/a.test.ts'));
  assert.ok(!inFile('test/b.test.ts: adds', 'test/a.test.ts', "test('adds')"));
  assert.ok(inFile('a.test.ts: adds', 'packages/a/a.test.ts', '', 'packages/a'));
  assert.ok(inFile('tests/test_a.py::test_x[1 - 2]', 'tests/test_a.py'));
  assert.ok(inFile('src/a.spec.ts > suite > adds', 'src/a.spec.ts'));
  // Names without a file are looked for in the text.
  assert.ok(inFile('example.com/shop: TestTotal', 'total_test.go', 'func TestTotal(t *testing.T) {}'));
  assert.ok(!inFile('example.com/shop: TestOther', 'total_test.go', 'func TestTotal(t *testing.T) {}'));
  assert.ok(inFile('adds_up', 'tests/total.rs', 'fn adds_up() {}'));
  assert.ok(inFile('test_add (tests.test_a.Case.test_add)', 'tests/test_a.py', 'def test_add(self):'));
});
