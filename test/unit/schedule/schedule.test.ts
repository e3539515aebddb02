import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Schedule } from '../../../src/workflow/phases/schedule.ts';
import { Slots } from '../../../src/workflow/phases/slots.ts';
import { Seeded } from '../edits/seeded.ts';
import { isImpossible } from './impossible.ts';
import { randomPlan, task } from './plans.ts';
import { simulated } from './simulation.ts';
import { makespan } from './virtualTime.ts';

for (const shape of ['random', 'feature'] as const) {
  test(`each of 1,000 ${shape} plans takes at most 1.1 times the bound, or provably 1.1 times the best possible time`, async (t) => {
    const { ratios, impossible } = await simulated(shape);
    assert.equal(ratios.length, 1000);
    const over = ratios.filter((ratio) => ratio > 1.1).length;
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    t.diagnostic(
      `${1000 - over} of 1000 within 1.1 of max(critical path, work / concurrency); mean ${mean.toFixed(3)}, worst ${Math.max(...ratios).toFixed(3)}`,
    );
    t.diagnostic(`of the other ${over}, ${impossible} are proved to be within 1.1 of the best that any schedule does`);
    assert.equal(impossible, over);
  });
}

test('a proof that a time cannot be kept does not claim too much', async () => {
  // Three equal tasks, two at once: two rounds, though the work shared out evenly is one and a half.
  const tasks = ['T1', 'T2', 'T3'].map((id) => task(id, []));
  const plan = { tasks, durations: new Map(tasks.map(({ id }) => [id, 100])) };
  assert.equal(isImpossible(plan, 2, 199), true);
  assert.equal(isImpossible(plan, 2, 200), false);
  // What the scheduler does in a time is possible in it.
  const random = new Seeded(3);
  for (let run = 0; run < 100; run++) {
    const small = randomPlan(random);
    assert.notEqual(isImpossible(small, 3, await makespan(small, 3), 2000), true);
  }
});

test('a failed task gives its slot back', async () => {
  const slots = new Slots(1);
  await assert.rejects(slots.use(() => Promise.reject(new Error('no'))));
  assert.equal(await slots.use(async () => 'yes'), 'yes');
});

test('of the tasks that ask together the one with the most work behind it goes first', async () => {
  const order: string[] = [];
  const tasks = [task('T1', []), task('T2', []), task('T3', [], 'S'), task('T4', ['T3'], 'L')];
  const schedule = new Schedule(tasks, 1, () => 0);
  const { signal } = new AbortController();
  await Promise.all(['T1', 'T2', 'T3'].map((id) => schedule.work(id, async () => order.push(id), signal)));
  assert.deepEqual(order, ['T3', 'T1', 'T2']);
});

test('who is cancelled while it has lent its slot leaves, and takes no slot with it', async () => {
  const slots = new Slots(1);
  const cancel = new AbortController();
  const other = Promise.withResolvers<void>();
  const lender = slots.use((slot) => slot.lend(cancel.signal));
  const borrower = slots.use(() => other.promise);
  const lent = assert.rejects(lender, /cancelled/i);
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  cancel.abort();
  await lent;
  other.resolve();
  await borrower;
  assert.equal(await slots.use(async () => 'free'), 'free');
});
