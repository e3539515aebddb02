import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { RunView } from '../../../src/workflow/runState.ts';
import { callTool } from '../agents/scriptedModel.ts';
import { hasProgram, pytestAlone, pythonWithPytest } from '../checks/folders.ts';
import { checkedRun, decideAll, done, testedByMake, untilDone, write } from './checkedRun.ts';

/** The same story in several kinds of repositories: broken, found, mended, and the new test shown to test. */

const source = readFileSync(join(import.meta.dirname, '../../fixtures/repos/shop/src/total.ts'), 'utf8');
const verdicts = (view: RunView, taskId: string) =>
  view.checks
    .filter((round) => round.taskId === taskId)
    .map(({ results }) => results.map(({ verdict }) => verdict).join());
const proofs = (view: RunView) => view.proofs.map(({ path, verdict }) => [path, verdict]);
const task = (path: string, over: object = {}) => ({
  id: 'T1',
  requirements: ['R1'],
  files: [{ path, action: 'modify' }],
  ...over,
});

const python3 = pythonWithPytest();
const hasPytest = python3 !== '';
test('Python with pytest', { skip: !hasPytest && 'pytest is not installed' }, async (t) => {
  const python = (body: string) =>
    `def total(items, discount=0):\n    """What the items cost together, in cents."""\n${body}`;
  const wrong = python('    return sum(price for price, _ in items) * (100 - discount) // 100\n');
  const right = python('    return sum(price * count for price, count in items) * (100 - discount) // 100\n');
  const newTest =
    'from shop import total\n\n\ndef test_takes_the_discount_off():\n    assert total([(100, 2)], 10) == 180\n';
  const script = {
    T1: [
      [write('shop.py', wrong), write('tests/test_discount.py', newTest), done()],
      [write('shop.py', right), done()],
    ],
  };
  const run = checkedRun(t, 'shop-py', [task('shop.py')], script, {
    programs: [dirname(python3)],
    env: pytestAlone,
  });
  const { view } = await untilDone(run);
  assert.deepEqual(verdicts(view, 'T1'), ['new failure', 'passes']);
  assert.ok(
    view.checks[0]?.results[0]?.newFailures.includes('tests/test_total.py::test_adds_up_prices_by_their_counts'),
  );
  assert.deepEqual(proofs(view), [['tests/test_discount.py', 'proven']]);
});

const hasGo = hasProgram('go', 'version');
test('Go', { skip: !hasGo && 'go is not installed' }, async (t) => {
  const go = (sum: string) =>
    `package shop\n\n// Item is a thing in a basket.\ntype Item struct{ Price, Count int }\n\n// Total is what the items cost together, in cents.\nfunc Total(items []Item) int {\n\tsum := 0\n\tfor _, item := range items {\n\t\tsum += ${sum}\n\t}\n\treturn sum\n}\n\n// Count is how many things there are.\nfunc Count(items []Item) int {\n\tsum := 0\n\tfor _, item := range items {\n\t\tsum += item.Count\n\t}\n\treturn sum\n}\n`;
  const newTest =
    'package shop\n\nimport "testing"\n\nfunc TestCount(t *testing.T) {\n\tif Count([]Item{{1, 2}, {1, 3}}) != 5 {\n\t\tt.Fail()\n\t}\n}\n';
  const run = checkedRun(t, 'shop-go', [task('total.go')], {
    T1: [
      [write('total.go', go('item.Price')), write('count_test.go', newTest), done()],
      [write('total.go', go('item.Price * item.Count')), done()],
    ],
  });
  const { view } = await untilDone(run, { names: ['go test'] });
  assert.deepEqual(verdicts(view, 'T1'), ['new failure', 'passes']);
  assert.deepEqual(proofs(view), [['count_test.go', 'proven']]);
});

const hasCargo = hasProgram('cargo', 'version') && hasProgram('cc', '--version');
test('Rust', { skip: !hasCargo && 'cargo or a linker is not installed' }, async (t) => {
  const rust = (product: string) =>
    `/// What the items cost together, in cents.\npub fn total(items: &[(u32, u32)]) -> u32 {\n    items.iter().map(|(price, count)| ${product}).sum()\n}\n\n/// How many things there are.\npub fn count(items: &[(u32, u32)]) -> u32 {\n    items.iter().map(|(_, count)| count).sum()\n}\n`;
  const newTest = 'use shop::count;\n\n#[test]\nfn counts() {\n    assert_eq!(count(&[(1, 2), (1, 3)]), 5);\n}\n';
  const run = checkedRun(t, 'shop-rs', [task('src/lib.rs')], {
    T1: [
      [write('src/lib.rs', rust('price + count')), write('tests/count.rs', newTest), done()],
      [write('src/lib.rs', rust('price * count')), done()],
    ],
  });
  const { view } = await untilDone(run, { names: ['cargo test'] });
  assert.deepEqual(verdicts(view, 'T1'), ['new failure', 'passes']);
  assert.deepEqual(proofs(view), [['tests/count.rs', 'proven']]);
});

test('a monorepo: a package is told that it broke another, and both are checked', async (t) => {
  const price = (sold: string) =>
    `/** In cents; what is not sold costs ${sold}. */\nexport function priceOf(name: string): number {\n  return { apple: 50, pear: 60 }[name] ?? ${sold};\n}\n`;
  const run = checkedRun(t, 'monorepo', [task('packages/prices/price.ts')], {
    T1: [
      [write('packages/prices/price.ts', price('1')), done()],
      [write('packages/prices/price.ts', price('0')), done()],
    ],
  });
  const { view } = await untilDone(run);
  const [first, second] = view.checks;
  assert.deepEqual(
    first?.results.map(({ name, verdict }) => [name, verdict]),
    [
      ['packages/basket: npm test', 'new failure'],
      ['packages/prices: npm test', 'passes'],
    ],
  );
  assert.match(first?.results[0]?.newFailures[0] ?? '', /what is not sold costs nothing/);
  assert.ok(second?.results.every(({ verdict }) => verdict === 'passes'));
});

test('without git, and with tests that fail from the start: they are not the agent’s to mend', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [
      task('src/total.ts'),
      task('README.md', { id: 'T2', dependsOn: ['T1'], files: [{ path: 'README.md', action: 'modify' }] }),
    ],
    {
      T1: [[callTool('run_check', { name: 'make test' }), write('src/total.ts', `${source}// changed\n`), done()]],
      T2: [[write('README.md', '# Shop\n'), done()]],
    },
    {
      git: false,
      more: {
        ...testedByMake(),
        'test/old.test.ts':
          "import { test } from 'node:test';\n\ntest('was broken', () => {\n  throw new Error('long ago');\n});\n",
      },
    },
  );
  const { id, done: end, view } = await untilDone(run);
  assert.deepEqual(verdicts(view, 'T1'), ['already failing']);
  assert.deepEqual(verdicts(view, 'T2'), ['already failing']);
  assert.equal(view.activity.filter(({ tool }) => tool === 'mend').length, 0);
  assert.ok(view.activity.some(({ tool, summary }) => tool === 'run_check' && summary === 'ran the check make test'));
  const ended = await decideAll(run, id, end);
  assert.deepEqual(
    ended.checks.filter(({ taskId }) => taskId === null).map(({ results }) => results[0]?.verdict),
    ['already failing'],
  );
  assert.deepEqual(readdirSync(run.folder).includes('.git'), false);
});

test('what a task leaves failing is not blamed on the task that builds on it', async (t) => {
  const broken = source.replace('price * count', 'price');
  const run = checkedRun(
    t,
    'shop',
    [
      task('src/total.ts'),
      task('README.md', { id: 'T2', dependsOn: ['T1'], files: [{ path: 'README.md', action: 'modify' }] }),
    ],
    { T1: [[write('src/total.ts', broken), done()]], T2: [[write('README.md', '# Shop\n'), done()]] },
    { more: testedByMake(), checks: { mendings: 0 } },
  );
  const { view } = await untilDone(run);
  assert.deepEqual(verdicts(view, 'T1'), ['new failure']);
  assert.deepEqual(verdicts(view, 'T2'), ['already failing']);
});
