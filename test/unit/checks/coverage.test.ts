import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  changedLineCoverage,
  mergeCoverage,
  noCoverage,
  readCoverage,
  unmeasuredFiles,
} from '../../../src/workflow/checks/coverage.ts';
import { coverageFormats } from '../../../src/workflow/checks/coverageFormat.ts';

const place = { root: '/scratch', cwd: '.' };
const plain = (coverage: ReturnType<typeof readCoverage>) =>
  Object.fromEntries([...coverage.files].map(([path, { covered, total }]) => [path, [[...covered], [...total]]]));

const lcov =
  'TN:\nSF:src/a.ts\nFN:1,f\nDA:1,5\nDA:2,0\nDA:4,1,abc\nend_of_record\nSF:src/b.ts\nDA:1,0\nend_of_record\n';
const cobertura = `<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.99" version="7">
  <sources><source>/scratch/src</source></sources>
  <packages><package name="."><classes>
    <class name="a" filename="a.py" line-rate="1"><methods><method><lines><line number="1" hits="1"/></lines></method></methods>
      <lines><line number="1" hits="1"/><line hits='0' branch="false" number='2'/></lines></class>
    <class name="q" filename="x &amp; y.py"><lines><line number="7" hits="3"/></lines></class>
    <class name="empty" filename="empty.py"/>
  </classes></package></packages>
</coverage>`;
const final = JSON.stringify({
  '/scratch/src/a.js': {
    path: '/scratch/src/a.js',
    statementMap: {
      '0': { start: { line: 1, column: 0 }, end: { line: 3, column: 1 } },
      '1': { start: { line: 2, column: 0 }, end: { line: 2, column: 1 } },
      '2': { start: { line: 2, column: 5 }, end: { line: 2, column: 9 } },
      '3': { start: { line: 5, column: 0 }, end: { line: 5, column: 1 } },
    },
    s: { '0': 1, '1': 0, '2': 4, '3': 0 },
  },
});

describe('reading coverage', () => {
  it('reads lcov', () => {
    const coverage = readCoverage(lcov, 'lcov', place);
    assert.deepEqual(plain(coverage), {
      'src/a.ts': [
        [1, 4],
        [1, 2, 4],
      ],
      'src/b.ts': [[], [1]],
    });
    assert.equal(coverage.overall, 50);
  });

  it('reads Cobertura by its lines, not by the rate it claims', () => {
    const coverage = readCoverage(cobertura, 'cobertura', place);
    assert.deepEqual(plain(coverage), { 'src/a.py': [[1], [1, 2]], 'src/x & y.py': [[7], [7]] });
    assert.equal(coverage.overall, 66.6);
  });

  it('reads Istanbul’s statements as lines', () => {
    const coverage = readCoverage(final, 'istanbul', place);
    assert.deepEqual(plain(coverage), {
      'src/a.js': [
        [1, 2],
        [1, 2, 5],
      ],
    });
    assert.equal(coverage.overall, 66.6);
  });

  it('reads Istanbul’s sums', () => {
    const sums = { total: { lines: { total: 8, covered: 7, skipped: 0, pct: 100 } } };
    const coverage = readCoverage(JSON.stringify(sums), 'istanbul', place);
    assert.deepEqual([coverage.overall, coverage.files.size], [87.5, 0]);
  });

  it('reads a Go profile, where blocks overlap', () => {
    const profile =
      'mode: set\nexample.com/m/a.go:3.1,5.2 2 1\nexample.com/m/a.go:5.2,6.3 1 0\nother.com/x.go:1.1,1.2 1 1\n';
    const coverage = readCoverage(profile, 'go', { ...place, prefix: 'example.com/m' });
    assert.deepEqual(plain(coverage), {
      'a.go': [
        [3, 4, 5],
        [3, 4, 5, 6],
      ],
    });
  });

  it('tells paths by where the command ran, and drops what is not the workspace’s', () => {
    const report = [
      'SF:src/a.ts',
      'SF:../shared/b.ts',
      'SF:/scratch/c.ts',
      'SF:/usr/lib/d.ts',
      'SF:../../../e.ts',
      'SF:x\\f.ts',
    ]
      .map((file) => `${file}\nDA:1,1\nend_of_record\n`)
      .join('');
    const coverage = readCoverage(report, 'lcov', { root: '/scratch', cwd: 'packages/one' });
    assert.deepEqual(
      [...coverage.files.keys()],
      ['packages/one/src/a.ts', 'packages/shared/b.ts', 'c.ts', 'packages/one/x/f.ts'],
    );
  });

  it('never rounds up to all', () => {
    const hit = Array.from({ length: 9999 }, (_, index) => `DA:${index + 1},1`).join('\n');
    assert.equal(readCoverage(`SF:a\n${hit}\nDA:10000,0\nend_of_record\n`, 'lcov', place).overall, 99.9);
  });

  it('has no figure and a reason for what makes no sense', () => {
    const texts = [
      '',
      ' \n',
      'garbage',
      '\0\u0001\uFFFD',
      '{',
      'null',
      '[]',
      '[1]',
      '{}',
      '"x"',
      '{"a":1}',
      '{"total":{"lines":{"total":1,"covered":5}}}',
      '{"total":{"lines":{"total":0,"covered":0}}}',
      '{"a":{"path":"a","statementMap":{"0":{"start":{"line":-1}}},"s":{"0":1}}}',
      '<html><body>404</body></html>',
      '<coverage',
      '<coverage></coverage>',
      cobertura.slice(0, -20),
      lcov.slice(0, 40),
      `${lcov}SF:c.ts\nDA:1,1\n`,
      'SF:a\nend_of_record\n',
      'SF:a\nDA:x,1\nDA:0,1\nDA:1,\nDA:1,-5\nDA:1e99,1\nend_of_record\n',
      'DA:1,1\nend_of_record\n',
      'mode: set\n',
      'mode: set\nnonsense\n',
      final.slice(0, -1),
      '<coverage>'.repeat(10_000),
      '['.repeat(100_000),
    ];
    const readable = new Set([lcov, cobertura, final]);
    for (const format of coverageFormats) {
      for (const text of [...texts, ...readable]) {
        const coverage = readCoverage(text, format, place);
        if (coverage.overall !== null && readable.has(text)) continue;
        assert.equal(coverage.overall, null, `${format}: ${text.slice(0, 60)}`);
        assert.equal(coverage.files.size, 0);
        assert.match(coverage.reason ?? '', /^The .*report .*\.$/);
      }
    }
  });
});

describe('coverage of what changed', () => {
  const coverage = readCoverage(lcov, 'lcov', place);

  it('counts the changed lines that are code, and no others', () => {
    const changed = new Map([
      ['src/a.ts', [1, 2, 3, 4, 4]],
      ['README.md', [1, 2, 3]],
    ]);
    assert.equal(changedLineCoverage(coverage, changed), 66.6);
    assert.deepEqual(unmeasuredFiles(coverage, changed), ['README.md']);
  });

  it('is not known where no changed line is code, or nothing was measured', () => {
    assert.equal(changedLineCoverage(coverage, new Map([['src/a.ts', [3]]])), null);
    assert.equal(changedLineCoverage(coverage, new Map()), null);
    assert.equal(changedLineCoverage(noCoverage('x'), new Map([['src/a.ts', [1]]])), null);
  });
});

describe('several reports', () => {
  it('cover what any of them covers', () => {
    const other = readCoverage('SF:src/b.ts\nDA:1,1\nDA:2,0\nend_of_record\n', 'lcov', place);
    const merged = mergeCoverage([readCoverage(lcov, 'lcov', place), other, noCoverage('missing')]);
    assert.deepEqual(plain(merged)['src/b.ts'], [[1], [1, 2]]);
    assert.equal(merged.overall, 60);
    assert.deepEqual(mergeCoverage([noCoverage('missing')]).reason, 'missing');
    assert.equal(mergeCoverage([]).overall, null);
  });
});
