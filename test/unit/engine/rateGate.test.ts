import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateGate } from '../../../src/workflow/engine/rateGate.ts';
import { defaultRetryPolicy, withRetry } from '../../../src/workflow/engine/retry.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';

/** A clock that moves on when everybody sleeps. */
class SleepingClock implements Clock {
  time = 0;
  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  now = () => this.time;
  random = () => 0;
  sleep = (ms: number) =>
    new Promise<void>((wake) => {
      this.#sleepers.push({ at: this.time + ms, wake });
    });

  async run(work: Promise<unknown>): Promise<void> {
    let isOver = false;
    work.finally(() => {
      isOver = true;
    });
    for (;;) {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return;
      this.#sleepers.sort((a, b) => a.at - b.at);
      const next = this.#sleepers.shift();
      assert.ok(next, 'somebody sleeps');
      this.time = next.at;
      next.wake();
    }
  }
}

const refusal = (retryAfterMs: number) => new PlanwrightError('RATE_LIMIT', 'Too many requests.', { retryAfterMs });

/** A server that refuses everything before a time, and says how long that is. */
function server(clock: Clock, opensAt: number, takesMs = 100) {
  const calls: number[] = [];
  return {
    calls,
    async call(): Promise<number> {
      calls.push(clock.now());
      if (clock.now() < opensAt) throw refusal(opensAt - clock.now());
      await clock.sleep(takesMs);
      return clock.now();
    },
  };
}

const signal = new AbortController().signal;

test('what comes after a refusal waits for the same Retry-After, and then lets one go first', async () => {
  const clock = new SleepingClock();
  const gate = new RateGate(clock);
  const { calls, call } = server(clock, 30_000);
  const one = () => withRetry(call, defaultRetryPolicy, { clock, signal, gate }, () => {});
  const late = async (ms: number) => {
    await clock.sleep(ms);
    return one();
  };
  await clock.run(Promise.all([one(), late(1), late(5_000), late(29_999), late(30_050)]));
  assert.deepEqual(calls, [0, 30_000, 30_100, 30_100, 30_100, 30_100], 'one is refused, one tries, the rest follow');
});

test('parallel calls that are refused together each try again once, not one after the other for nothing', async () => {
  const clock = new SleepingClock();
  const gate = new RateGate(clock);
  const { calls, call } = server(clock, 10_000);
  const retries: number[] = [];
  const one = () => withRetry(call, defaultRetryPolicy, { clock, signal, gate }, (_n, ms) => retries.push(ms));
  await clock.run(Promise.all([one(), one(), one()]));
  assert.deepEqual(calls, [0, 0, 0, 10_000, 10_100, 10_100]);
  assert.deepEqual(retries, [10_000, 10_000, 10_000]);
});

test('while the one that goes first is refused again, the others use up no try', async () => {
  const clock = new SleepingClock();
  const gate = new RateGate(clock);
  let refused = 0;
  const calls: number[] = [];
  const call = async () => {
    calls.push(clock.now());
    if (refused++ < 3) throw refusal(1_000);
    return clock.now();
  };
  const one = () => withRetry(call, { ...defaultRetryPolicy, maxAttempts: 4 }, { clock, signal, gate }, () => {});
  const later = async () => {
    await clock.sleep(1);
    return withRetry(call, { ...defaultRetryPolicy, maxAttempts: 1 }, { clock, signal, gate }, () => {});
  };
  await clock.run(Promise.all([one(), later()]));
  assert.deepEqual(calls, [0, 1_000, 2_000, 3_000, 3_000]);
});

test('another failure of the one that goes first lets the next go first', async () => {
  const clock = new SleepingClock();
  const gate = new RateGate(clock);
  (await gate.enter(signal)).refused(1_000);
  const first = gate.enter(signal);
  const second = gate.enter(signal);
  await clock.run(first);
  (await first).failed();
  await clock.run(second);
  (await second).answered();
  await gate.enter(signal);
  assert.equal(clock.time, 1_000);
});

test('who waits at the gate can be cancelled', async () => {
  const clock = new SleepingClock();
  const gate = new RateGate(clock);
  (await gate.enter(signal)).refused(0);
  await gate.enter(signal); // Goes first and is not over.
  const controller = new AbortController();
  const waiting = gate.enter(controller.signal);
  controller.abort();
  await assert.rejects(waiting, { code: 'CANCELLED' });
});
