import assert from 'node:assert/strict';
import { inDependencyOrder } from '../../../src/workflow/phases/dependencyOrder.ts';
import { Schedule } from '../../../src/workflow/phases/schedule.ts';
import type { Timed } from './plans.ts';

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
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (done) return;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      assert.ok(next, 'somebody is at work');
      this.now = next.at;
      next.wake();
    }
  }
}

/** How long an agent's turn takes, where a small task takes about 100. */
export const TURN = 20;

/** As the implementation phase schedules: each task when what it depends on is done and it has a slot, turn by turn. */
export async function makespan({ tasks, durations }: Timed, count: number, turnLength = TURN): Promise<number> {
  const time = new VirtualTime();
  const schedule = new Schedule(tasks, count, () => time.now);
  const signal = new AbortController().signal;
  const done = new Map(tasks.map(({ id }) => [id, Promise.withResolvers<void>()]));
  let [working, most] = [0, 0];
  const all = inDependencyOrder(tasks).map(async ({ id, dependsOn }) => {
    await Promise.all(dependsOn.map((other) => done.get(other)?.promise));
    await schedule.work(
      id,
      async (turn) => {
        for (let left = durations.get(id) ?? 0; left > 0; left -= turnLength) {
          await turn(signal);
          working += 1;
          most = Math.max(most, working);
          await time.sleep(Math.min(left, turnLength));
          working -= 1;
        }
        done.get(id)?.resolve();
      },
      signal,
    );
  });
  await time.run(Promise.all(all));
  assert.ok(most <= count);
  return time.now;
}
