import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkEnvironment } from '../../../src/hosts/node/checks/environment.ts';
import { defaultLimits, runCommand } from '../../../src/hosts/node/checks/runCommand.ts';
import { FailureCollector } from '../../../src/workflow/checks/failures/collector.ts';
import { Folders, never } from './folders.ts';

function failuresIn(output: string): string[] | undefined {
  const collector = new FailureCollector();
  for (const line of output.split('\n')) collector.push(line);
  return collector.names();
}

describe('finding the tests that failed', () => {
  const tests = `
    import { describe, it, test } from 'node:test';
    describe('suite', () => {
      it('ok', () => {});
      it('bad # one', () => { throw new Error('FAILED x - not ok 1 - y'); });
      describe('inner', () => it('deep', () => { throw new Error('x'); }));
    });
    test('twice', () => { throw new Error('x'); });
    test('twice', () => { throw new Error('x'); });
    test('later', { todo: true }, () => { throw new Error('x'); });
    test('skipped', { skip: true }, () => {});
  `;
  for (const [reporter, expected] of [
    ['spec', ['a.test.mjs: bad # one', 'a.test.mjs: deep', 'a.test.mjs: twice', 'a.test.mjs: twice (2)', 'b.test.mjs']],
    [
      'tap',
      [
        'a.test.mjs: suite > bad # one',
        'a.test.mjs: suite > inner > deep',
        'a.test.mjs: twice',
        'a.test.mjs: twice (2)',
        'b.test.mjs',
      ],
    ],
  ] as const) {
    it(`reads what node:test itself prints as ${reporter}`, async () => {
      const folders = new Folders({ 'a.test.mjs': tests, 'b.test.mjs': "throw new Error('does not load');" });
      const collector = new FailureCollector();
      try {
        await runCommand({
          command: ['node', '--test', `--test-reporter=${reporter}`, 'a.test.mjs', 'b.test.mjs'],
          cwd: folders.workspace,
          env: checkEnvironment(process.env),
          limits: defaultLimits,
          signal: never,
          onLine: (line) => collector.push(line.replaceAll(`${folders.workspace}/`, '')),
        });
      } finally {
        folders.dispose();
      }
      assert.deepEqual(collector.names(), expected);
    });
  }

  const outputs: Record<string, [output: string, expected: string[]]> = {
    pytest: [
      [
        'ERROR root:app.py:1 logged, no test',
        '=========================== short test summary info ============================',
        'FAILED tests/test_a.py::test_x - assert 1 == 2',
        'FAILED tests/test_a.py::TestB::test_y[a - b] - ValueError: x [y] - z',
        'FAILED tests/test_a.py::test_z',
        'ERROR tests/test_c.py - ModuleNotFoundError: x',
        '========================= 3 failed, 1 error in 0.02s ==========================',
      ].join('\n'),
      [
        'tests/test_a.py::test_x',
        'tests/test_a.py::TestB::test_y[a - b]',
        'tests/test_a.py::test_z',
        'tests/test_c.py',
      ],
    ],
    unittest: [
      `${'='.repeat(70)}\nFAIL: test_a (tests.A.test_a)\n${'-'.repeat(70)}\nFAIL: no test`,
      ['test_a (tests.A.test_a)'],
    ],
    'go test': [
      [
        '--- FAIL: TestA (0.00s)',
        '    --- FAIL: TestA/sub_one (0.00s)',
        '        a_test.go:5: FAIL',
        '--- FAIL: TestB (0.01s)',
        'FAIL',
        'FAIL\texample.com/p\t0.003s',
        'ok  \texample.com/q\t0.002s',
        '?   \texample.com/s\t[no test files]',
        'FAIL\texample.com/r [build failed]',
        'FAIL',
      ].join('\n'),
      ['example.com/p: TestA/sub_one', 'example.com/p: TestB', 'example.com/r [build failed]'],
    ],
    'cargo test': [
      'test tests::ok ... ok\ntest tests::bad ... FAILED\ntest src/lib.rs - add (line 3) ... FAILED\n\nfailures:\n    tests::bad\n',
      ['tests::bad', 'src/lib.rs - add'],
    ],
    vitest: [
      [
        ' ❯ test/a.test.ts (2 tests | 1 failed) 5ms',
        '   × suite > bad 4ms',
        '⎯⎯⎯ Failed Tests 1 ⎯⎯⎯',
        ' FAIL  test/a.test.ts > suite > bad',
        ' FAIL  test/b.test.ts [ test/b.test.ts ]',
      ].join('\n'),
      ['test/a.test.ts > suite > bad', 'test/b.test.ts'],
    ],
    jest: [
      [
        'PASS test/ok.test.js',
        'FAIL test/a.test.js (5.2 s)',
        '  ● Console',
        '  ● suite › bad',
        'Summary of all failing tests',
        'FAIL test/a.test.js',
        '  ● suite › bad',
        'FAIL test/b.test.js',
        '  ● Test suite failed to run',
      ].join('\n'),
      ['test/a.test.js: suite › bad', 'test/b.test.js: Test suite failed to run'],
    ],
    mocha: [
      '  1) bad\n\n  1 passing (4ms)\n  2 failing\n\n  1) suite\n       inner\n         bad:\n     Error: x\n      at y:\n\n  2) other:\n     Error\n',
      ['suite > inner > bad', 'other'],
    ],
    bun: ['a.test.ts:\n(pass) ok\n(fail) suite > bad [0.12ms]\n', ['a.test.ts: suite > bad']],
    dotnet: ['  Failed App.Tests.Adds [12 ms]\n  Passed App.Tests.Ok [1 ms]\n', ['App.Tests.Adds']],
    Maven: [
      '[ERROR] Tests run: 2, Failures: 1, Time elapsed: 0.1 s <<< FAILURE! -- in AppTest\n[ERROR] AppTest.adds -- Time elapsed: 0.01 s <<< FAILURE!\n',
      ['AppTest.adds'],
    ],
    Gradle: ['AppTest > adds() FAILED\nAppTest > ok() PASSED\n> Task :test FAILED\n', ['AppTest > adds()']],
  };
  for (const [runner, [output, expected]] of Object.entries(outputs)) {
    it(`reads what ${runner} prints`, () => assert.deepEqual(failuresIn(output), expected));
  }

  it('reads through colours', () => {
    assert.deepEqual(failuresIn('\u001b[31m FAIL \u001b[39m a.test.ts\u001b[2m > \u001b[22mbad'), ['a.test.ts > bad']);
  });

  it('names none where none is named', () => {
    assert.equal(failuresIn('Something failed.\nFAIL\nFAILED\nnot ok\n✖ x\nERROR y\n'), undefined);
  });

  it('keeps no more names than anybody reads', () => {
    assert.equal(failuresIn(Array.from({ length: 5000 }, (_, n) => `test t${n} ... FAILED`).join('\n'))?.length, 2000);
  });
});
