import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inDependencyOrder, remainingPaths, Slots } from '../../../src/workflow/phases/schedule.ts';
import type { Task } from '../../../src/workflow/schemas.ts';
import { Seeded } from '../edits/seeded.ts';

const task = (id: string, dependsOn: string[], size: Task['size'] = 'S'): Task => ({
  id,
  title: id,
  description: '',
  dependsOn,
  requirements: [],
  files: [],
  tests: [],
  doneWhen: [],
  size,
});

/** Time that passes only when nothing else is to be done. */
class VirtualTime {
  now = 0;
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  sleep(duration: number): Promise<void> {
    return new Promise((wake) => this.#sleepers.push({ at: this.now + duration, wake }));
  }

  async run(work: Promise<unknown>): Promise<void> {
    let done = false;
    work.then(() => {
      done = true;
    });
    for (;;) {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (done) return;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      assert.ok(next, 'somebody is at work');
      this.now = next.at;
      next.wake();
    }
  }
}

/** As the implementation phase schedules: each task when what it depends on is done and a slot is free. */
async function makespan(tasks: readonly Task[], durations: ReadonlyMap<string, number>, count: number) {
  const time = new VirtualTime();
  const slots = new Slots(count);
  const paths = remainingPaths(tasks);
  const done = new Map(tasks.map(({ id }) => [id, Promise.withResolvers<void>()]));
  let [working, most] = [0, 0];
  const all = inDependencyOrder(tasks).map(async ({ id, dependsOn }) => {
    await Promise.all(dependsOn.map((other) => done.get(other)?.promise));
    await slots.use(async () => {
      working += 1;
      most = Math.max(most, working);
      await time.sleep(durations.get(id) ?? 0);
      working -= 1;
      done.get(id)?.resolve();
    }, paths.get(id));
  });
  await time.run(Promise.all(all));
  assert.ok(most <= count);
  return time.now;
}

/** The longest chain of durations. */
function criticalPath(tasks: readonly Task[], durations: ReadonlyMap<string, number>): number {
  const ends = new Map<string, number>();
  for (const { id, dependsOn } of inDependencyOrder(tasks))
    ends.set(id, Math.max(0, ...dependsOn.map((other) => ends.get(other) ?? 0)) + (durations.get(id) ?? 0));
  return Math.max(...ends.values());
}

/** A plan of 5 to 40 tasks; each depends on up to three earlier ones. Durations follow the size, give or take 30 %. */
function randomPlan(random: Seeded) {
  const sizes = ['S', 'M', 'L'] as const;
  const tasks = Array.from({ length: 5 + random.below(36) }, (_, n) => {
    const dependsOn = Array.from({ length: n === 0 ? 0 : random.below(4) }, () => `T${1 + random.below(n)}`);
    return task(`T${n + 1}`, [...new Set(dependsOn)], sizes[random.below(3)]);
  });
  const lengths = { S: 100, M: 200, L: 400 };
  const durations = new Map(tasks.map(({ id, size }) => [id, lengths[size] * (0.7 + 0.6 * random.next())]));
  return { tasks, durations };
}

test('of 1,000 random plans nearly all take at most 1.1 times what no schedule can beat', async (t) => {
  const random = new Seeded(7);
  const ratios: number[] = [];
  for (let run = 0; run < 1000; run++) {
    const { tasks, durations } = randomPlan(random);
    const count = 2 + random.below(4);
    const work = [...durations.values()].reduce((sum, duration) => sum + duration, 0);
    const bound = Math.max(criticalPath(tasks, durations), work / count);
    ratios.push((await makespan(tasks, durations, count)) / bound);
  }
  ratios.sort((a, b) => a - b);
  const within = ratios.filter((ratio) => ratio <= 1.1).length;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  t.diagnostic(`${within} of 1000 within 1.1; mean ${mean.toFixed(3)}, worst ${ratios.at(-1)?.toFixed(2)}`);
  assert.ok(within >= 850, `${within}`);
  assert.ok(mean <= 1.06, `${mean}`);
});

test('the task with the most work behind it goes first', async () => {
  const order: string[] = [];
  const slots = new Slots(1);
  const paths = remainingPaths([task('T1', []), task('T2', []), task('T3', [], 'S'), task('T4', ['T3'], 'L')]);
  await Promise.all(
    ['T1', 'T2', 'T3'].map((id) =>
      slots.use(async () => {
        order.push(id);
      }, paths.get(id)),
    ),
  );
  assert.deepEqual(order, ['T1', 'T3', 'T2'], 'T1 took the free slot; of the others T3 leads to a large task');
});

test('a failed task gives its slot back', async () => {
  const slots = new Slots(1);
  await assert.rejects(slots.use(() => Promise.reject(new Error('no'))));
  assert.equal(await slots.use(async () => 'yes'), 'yes');
});
