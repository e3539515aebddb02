import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { cancelTask, retryTask } from '../../../src/workflow/phases/taskControl.ts';
import { text } from '../agents/scriptedModel.ts';
import { plan as planOf } from '../runState/events.ts';
import { review, start } from '../workflow/greeter.ts';
import { ModelTime, slow } from './modelTime.ts';
import { task } from './plans.ts';

/** A run that is stopped, or a task of it, while a task has lent its slot between two calls of its model. */

const COUNT = 2;

/** Five long tasks for two slots, once a short one has shown how long that is: they take turns, and some always wait. */
const tasks = [task('T1', []), ...['T2', 'T3', 'T4', 'T5', 'T6'].map((id) => task(id, ['T1'], 'L'))];
const plan = { tasks, durations: new Map(tasks.map(({ id, size }) => [id, size === 'S' ? 100 : 400])) };
const everything = tasks.reduce((sum, { id }) => sum + new ModelTime(plan, COUNT).callsOf(id), 0);

/** A run in which nothing moves since a task has lent its slot. */
async function untilLent(t: TestContext) {
  const time = new ModelTime(plan, COUNT);
  const lent = Promise.withResolvers<string>();
  time.isHeld = () => {
    const [id] = time.lent();
    if (id !== undefined) lent.resolve(id);
    return id !== undefined;
  };
  const settings = { approvePlan: false, askQuestions: false, threshold: 0, concurrency: COUNT };
  const reviewer = () => text(JSON.stringify(review(10)));
  const clock = { ...systemClock, now: () => Math.round(time.now) };
  const more = { settings, over: { plan: planOf(...plan.tasks) }, implementer: slow(time), clock };
  const run = start(t, { reviewer }, {}, more);
  return { ...run, time, lender: await lent.promise };
}

test('a task that is cancelled while it has lent its slot stops at once, and can be tried again', async (t) => {
  const { store, id, until, view, done, time, lender } = await untilLent(t);
  const working = time.working();
  time.callOff(lender);
  cancelTask(store, id, lender, 'developer');
  const { openGates } = await until(id, (now) => now.openGates.length > 0);
  assert.deepEqual([openGates[0]?.kind, openGates[0]?.taskId], ['task-failed', lender]);
  // One that it freed on its way out would be a third: one of those that wait would be at its model, which ModelTime does not allow.
  assert.deepEqual(time.working(), working, 'the others have their slots');
  time.goOn();
  await until(id, (now) => working.every((other) => now.tasks[other]?.state === 'done'));
  retryTask(store, id, lender, 'developer');
  await done;
  assert.equal(view(id).status, 'completed');
  assert.ok(Object.values(view(id).tasks).every(({ state }) => state === 'done'));
});

test('a run that is cancelled while a task has lent its slot ends, and no model is called any more', async (t) => {
  const { runner, id, view, done, time } = await untilLent(t);
  const called = time.calls.length;
  await runner.cancel(id);
  await done;
  time.goOn();
  assert.equal(view(id).status, 'cancelled');
  assert.deepEqual([time.calls.length, time.working()], [called, []]);
});

test('a run that is cut off while a task has lent its slot goes on to its end, and pays for no answer twice', async (t) => {
  const { runner, id, view, time } = await untilLent(t);
  const cutOff = time.working();
  await runner.stop();
  assert.deepEqual(time.working(), []);
  time.isHeld = () => false;
  await runner.resume(id).done;
  assert.equal(view(id).status, 'completed');
  assert.ok(Object.values(view(id).tasks).every(({ state }) => state === 'done'));
  const twice = time.calls.filter((call, index) => time.calls.indexOf(call) !== index);
  assert.deepEqual(
    twice.map((call) => call.split(' ')[0]).sort(),
    cutOff.toSorted(),
    'only what was under way is asked again',
  );
  assert.equal(time.calls.length, everything + cutOff.length);
});
