import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/workflow/engine/events.ts';
import { checkedRun, decideAll, done, testedByMake, untilDone, write } from './checkedRun.ts';

const task = { id: 'T1', files: [{ path: 'src/total.ts', action: 'modify' }], requirements: ['R1'] };
const discounted = (reducer: string) => `export interface Item {
  readonly price: number;
  readonly count: number;
}

/** What the items cost together, in cents, less a discount in percent. */
export function total(items: readonly Item[], discount = 0): number {
  const sum = items.reduce((all, { price, count }) => ${reducer}, 0);
  return Math.round((sum * (100 - discount)) / 100);
}
`;
const broken = discounted('all + price');
const right = discounted('all + price * count');
const byMake = { more: testedByMake() };
const realTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/total.ts';

test('takes the discount off', () => {
  assert.equal(total([{ price: 100, count: 2 }], 10), 180);
});
`;
const vacuousTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from '../src/total.ts';

test('takes the discount off', () => {
  assert.ok(total([{ price: 100, count: 2 }], 10) > 0);
});
`;

test('an implementation that breaks an existing test is mended before its proposal exists; both rounds are told', async (t) => {
  const run = checkedRun(t, 'shop', [task], {
    T1: [
      [write('src/total.ts', broken), done({ summary: 'Discounts.' })],
      [write('src/total.ts', right), done({ summary: 'Counts again.' })],
    ],
  });
  const { id, done: end, view } = await untilDone(run);
  const events = run.store.events(id, 0).map(({ event }) => event);
  const order = events.map(({ type }) => type).filter((type) => /^check\.|^proposal\.created/.test(type));
  assert.deepEqual(order, ['check.started', 'check.completed', 'check.started', 'check.completed', 'proposal.created']);
  const [first, second] = view.checks;
  assert.deepEqual(first?.results[0]?.newFailures, ['test/total.test.ts: adds up prices by their counts']);
  assert.equal(first?.results[0]?.verdict, 'new failure');
  assert.match(first?.results[0]?.output ?? '', /450/);
  assert.equal(second?.round, 2);
  assert.equal(second?.results[0]?.verdict, 'passes');
  assert.equal(run.book.latest(id)[0]?.state.text, right);
  assert.equal(view.tasks.T1?.summary, 'Counts again.');
  const mending = run.calls.filter((agent) => agent === 'implementer').length;
  assert.equal(mending, 4);
  const report = await decideAll(run, id, end);
  assert.equal(report.status, 'completed');
  assert.equal(report.checks.at(-1)?.taskId, null);
  assert.equal(report.checks.at(-1)?.results[0]?.verdict, 'passes');
  assert.equal(report.coverage?.overall, 100);
  assert.equal(report.coverage?.changedLines, 100);
  assert.equal(report.output?.metrics.testCoverage, 100);
  assert.deepEqual(readdirSync(run.temp), []);
});

test('what still fails after the last mending is proposed all the same, with what was tried', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    {
      T1: [
        [write('src/total.ts', broken), done()],
        [write('src/total.ts', `${broken}// once more\n`), done()],
        [write('src/total.ts', `${broken}// and again\n`), done()],
      ],
    },
    { ...byMake, checks: { mendings: 2 } },
  );
  const { id, view } = await untilDone(run);
  assert.deepEqual(
    view.checks.map(({ round, results }) => [round, results[0]?.verdict]),
    [
      [1, 'new failure'],
      [2, 'new failure'],
      [3, 'new failure'],
    ],
  );
  assert.match(run.book.latest(id)[0]?.state.text ?? '', /and again/);
  const tried = view.activity.filter(({ tool }) => tool === 'mend').map(({ summary }) => summary);
  assert.equal(tried.length, 2);
  assert.match(tried[1] ?? '', /adds up prices by their counts \(2 of 2\)/);
});

test('an agent that cannot mend leaves its work as it was checked', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    {
      T1: [[write('src/total.ts', broken), done()], [write('src/total.ts', '// half way\n')]],
    },
    byMake,
  );
  const { id, view } = await untilDone(run);
  assert.equal(run.book.latest(id)[0]?.state.text, broken);
  assert.equal(view.checks.length, 1);
  assert.ok(view.activity.some(({ tool, summary }) => tool === 'mend' && /could not/.test(summary)));
});

test('a vacuous test is flagged to the agent once, and the mended one is shown to fail without the implementation', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    {
      T1: [
        [write('src/total.ts', right), write('test/discount.test.ts', vacuousTest), done()],
        [write('test/discount.test.ts', realTest), done()],
      ],
    },
    byMake,
  );
  const { id, view } = await untilDone(run);
  const proofs = run.store.events(id, 0).flatMap(({ event }) => (isProof(event) ? [event.proofs] : []));
  assert.deepEqual(
    proofs.map(([proof]) => [proof?.path, proof?.verdict]),
    [
      ['test/discount.test.ts', 'vacuous'],
      ['test/discount.test.ts', 'proven'],
    ],
  );
  assert.match(proofs[1]?.[0]?.reason ?? '', /takes the discount off/);
  assert.deepEqual(
    view.proofs.map(({ verdict }) => verdict),
    ['proven'],
  );
});

test('a test that stays vacuous is told beside the proposal, after one try', async (t) => {
  const run = checkedRun(
    t,
    'shop',
    [task],
    {
      T1: [
        [write('src/total.ts', right), write('test/discount.test.ts', vacuousTest), done()],
        [write('test/discount.test.ts', `${vacuousTest}// better\n`), done()],
      ],
    },
    byMake,
  );
  const { id, view } = await untilDone(run);
  assert.deepEqual(
    view.proofs.map(({ verdict }) => verdict),
    ['vacuous'],
  );
  assert.equal(run.store.events(id, 0).filter(({ event }) => isProof(event)).length, 2);
  assert.equal(run.calls.filter((agent) => agent === 'implementer').length, 5);
  assert.equal(readFileSync(join(run.folder, 'src/total.ts'), 'utf8').includes('discount'), false);
});

function isProof(event: RunEvent): event is Extract<RunEvent, { type: 'tests.proved' }> {
  return event.type === 'tests.proved';
}
