import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { z } from 'zod';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { Gate } from '../../../src/workflow/engine/events.ts';
import type { Run } from '../../../src/workflow/engine/run.ts';
import { Runner } from '../../../src/workflow/engine/runner.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';
import type { Input } from '../../../src/workflow/schemas.ts';

let folder: string;
let path: string;
const open: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planwright-engine-'));
  path = join(folder, 'planwright.db');
});
afterEach(() => {
  for (const db of open.splice(0)) db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A clock that jumps over every wait and notes it. */
function jumpingClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = 1_000_000;
  return {
    waits,
    now: () => now++,
    random: () => 0,
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw signal.reason;
      waits.push(ms);
      now += ms;
    },
  };
}

const input: Input = { request: 'x', requirements: [] };
const about = { model: 'demo', workspace: 'w' };
const number = z.number();
const gate: Gate = {
  id: 'ok',
  kind: 'plan-approval',
  title: '',
  question: '',
  choices: [{ id: 'yes', label: 'Yes' }],
  defaultChoice: 'yes',
};

/** A process on the database: its own connection, its own owner. */
function process_(workflow: (run: Run) => Promise<unknown>, ownerId = 'one', clock: Clock = jumpingClock()) {
  const { db } = openDatabase(path);
  open.push(db);
  const store = new Store(db, clock);
  return { store, runner: new Runner<unknown>({ store, clock, ownerId, workflow }) };
}

const until = async (condition: () => boolean) => {
  for (let turn = 0; turn < 1000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(condition());
};

describe('a step', () => {
  it('runs once, ever, and answers from the journal after a restart', async () => {
    let calls = 0;
    const workflow = async (run: Run) => {
      const a = await run.step('a', number, async () => ++calls);
      await run.decide(gate);
      return a;
    };
    const first = process_(workflow);
    const { id } = first.runner.start(input, about);
    await until(() => first.store.openGates(id, 1).length === 1);
    await first.runner.stop();
    assert.equal(first.store.getRun(id)?.status, 'waiting');
    const second = process_(workflow, 'two');
    assert.deepEqual(
      second.runner.interrupted().map((run) => run.id),
      [id],
    );
    const { done } = second.runner.resume(id);
    second.runner.decide(id, 'ok', { choice: 'yes', by: 'test' });
    await done;
    assert.equal(second.store.getRun(id)?.status, 'completed');
    assert.equal(calls, 1);
    const types = second.store.events(id, 0).map(({ event }) => event.type);
    assert.deepEqual(types, [
      'workflow.started',
      'gate.opened',
      'workflow.resumed',
      'gate.decided',
      'workflow.completed',
    ]);
  });

  it('fails loudly when a replay comes with another input', async () => {
    let version = 1;
    const workflow = async (run: Run) => {
      await run.scoped('planning').step('a', number, async () => 1, { input: { version } });
      throw new PlanwrightError('NONSENSE', 'stop here');
    };
    const { runner, store } = process_(workflow);
    const { id, done } = runner.start(input, about);
    await done;
    version = 2;
    await runner.resume(id).done;
    const last = store.events(id, 0).at(-1)?.event;
    assert.equal(last?.type === 'workflow.failed' && last.error.code, 'REPLAY_MISMATCH');
    assert.match(
      last?.type === 'workflow.failed' ? `${last.error.message} ${last.error.hint}` : '',
      /planning\/a.*planning phase/,
    );
  });

  it('is tried again as the policy says; Retry-After wins', async () => {
    const clock = jumpingClock();
    let calls = 0;
    const workflow = (run: Run) =>
      run.step(
        'call',
        number,
        async () => {
          calls++;
          if (calls === 1) throw new PlanwrightError('RATE_LIMIT', 'slow down', { retryAfterMs: 7000 });
          if (calls === 2) throw new PlanwrightError('TIMEOUT', 'silence');
          return 5;
        },
        { retry: { maxAttempts: 3, backoffMs: [1000, 2000], retryOn: ['RATE_LIMIT', 'TIMEOUT'] } },
      );
    const { runner, store } = process_(workflow, 'one', clock);
    const { id, done } = runner.start(input, about);
    await done;
    assert.equal(store.getRun(id)?.status, 'completed');
    assert.deepEqual(clock.waits, [7000, 2000]);
    assert.equal(store.events(id, 0).filter(({ event }) => event.type === 'retry').length, 2);
  });

  it('is not tried again for a bad key', async () => {
    let calls = 0;
    const workflow = (run: Run) =>
      run.step(
        'call',
        number,
        async () => {
          calls++;
          throw new PlanwrightError('BAD_KEY', 'no');
        },
        { retry: { maxAttempts: 3, backoffMs: [1], retryOn: ['TIMEOUT'] } },
      );
    const { runner, store } = process_(workflow);
    const { id, done } = runner.start(input, about);
    await done;
    assert.equal(calls, 1);
    assert.equal(store.getRun(id)?.status, 'failed');
  });

  it('refuses a name used twice', async () => {
    const { runner, store } = process_(async (run) => {
      await run.step('a', number, async () => 1);
      await run.step('a', number, async () => 2);
    });
    const { id, done } = runner.start(input, about);
    await done;
    const last = store.events(id, 0).at(-1)?.event;
    assert.match(last?.type === 'workflow.failed' ? last.error.message : '', /“a” twice/);
  });
});

describe('a gate', () => {
  it('hears a decision of another process, and the first decision counts', async () => {
    const first = process_(async (run) => (await run.decide(gate)).choice);
    const { id, done } = first.runner.start(input, about);
    const second = process_(async () => {}, 'two');
    assert.equal(second.runner.decide(id, 'ok', { choice: 'yes', by: 'two' }), true);
    assert.equal(first.runner.decide(id, 'ok', { choice: 'no', by: 'one' }), false);
    await done;
    assert.equal(first.store.decision(id, 1, 'ok')?.by, 'two');
    assert.equal(first.store.events(id, 0).filter(({ event }) => event.type === 'gate.decided').length, 1);
  });
});

describe('a run', () => {
  it('belongs to one process at a time', async () => {
    const first = process_((run) => run.decide(gate));
    const { id } = first.runner.start(input, about);
    const second = process_((run) => run.decide(gate), 'two');
    assert.deepEqual(second.runner.interrupted(), []);
    assert.throws(() => second.runner.resume(id), { code: 'RUN_BUSY' });
    await first.runner.stop();
    await second.runner.stop();
  });

  it('is cancelled while it waits, and goes on when resumed', async () => {
    const { runner, store } = process_((run) => run.decide(gate));
    const { id } = runner.start(input, about);
    await runner.cancel(id);
    assert.equal(store.getRun(id)?.status, 'cancelled');
    const { done } = runner.resume(id);
    runner.decide(id, 'ok', { choice: 'yes', by: 'test' });
    await done;
    assert.equal(store.getRun(id)?.status, 'completed');
  });

  it('keeps a result that arrives after it was cancelled', async () => {
    let calls = 0;
    let finish: (value: number) => void = () => {};
    const workflow = (run: Run) =>
      run.step('paid', number, () => {
        calls++;
        return new Promise<number>((resolve) => {
          finish = resolve;
        });
      });
    const { runner, store } = process_(workflow);
    const { id } = runner.start(input, about);
    await until(() => calls === 1);
    const cancelling = runner.cancel(id);
    finish(9);
    await cancelling;
    assert.equal(store.getRun(id)?.status, 'cancelled');
    await runner.resume(id).done;
    assert.equal(calls, 1);
    assert.equal(store.getRun(id)?.status, 'completed');
  });

  it('restarts from each phase with the journal before it, and keeps the earlier attempt', async () => {
    const phases = ['planning', 'review', 'refinement', 'implementation'] as const;
    const calls: string[] = [];
    const { runner, store } = process_(async (run) => {
      for (const phase of phases) {
        const scope = run.scoped(phase);
        scope.emit({ type: 'phase.started', phase });
        await scope.step('work', z.string(), async () => {
          calls.push(phase);
          return phase;
        });
      }
    });
    const { id, done } = runner.start(input, about);
    await done;
    let attempt = 1;
    for (const [index, from] of phases.entries()) {
      calls.length = 0;
      const restarted = await runner.restart(id, from);
      await restarted.done;
      attempt++;
      assert.deepEqual(calls, phases.slice(index));
      const started = store
        .events(id, 0)
        .filter((stored) => stored.attempt === attempt && stored.event.type === 'phase.started');
      assert.equal(started.length, 4);
      assert.equal(store.getRun(id)?.status, 'completed');
    }
    assert.equal(
      store.events(id, 0).filter((stored) => stored.attempt === 1 && stored.event.type === 'phase.started').length,
      4,
    );
  });

  it('lets the other branches end when one fails', async () => {
    const ended: string[] = [];
    const { runner, store } = process_(async (run) => {
      await run.all({
        bad: async () => {
          throw new PlanwrightError('NONSENSE', 'bad');
        },
        good: async (branch) => {
          ended.push(String(await branch.step('s', number, async () => 1)));
        },
      });
    });
    const { id, done } = runner.start(input, about);
    await done;
    assert.deepEqual(ended, ['1']);
    assert.equal(store.getRun(id)?.status, 'failed');
  });
});

describe('the database', () => {
  it('of a newer version is refused and left as it is', () => {
    const { db } = openDatabase(path);
    db.exec('PRAGMA user_version = 999; PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const before = readFileSync(path);
    assert.throws(() => openDatabase(path), { code: 'NEWER_DATABASE' });
    assert.deepEqual(readFileSync(path), before);
  });

  it('that is damaged is set aside and a new one begun', () => {
    writeFileSync(path, 'this is not a database, however long one looks at it'.repeat(100));
    const { db, damage } = openDatabase(path);
    open.push(db);
    assert.ok(damage && readdirSync(folder).includes(damage.setAside.slice(folder.length + 1)));
    assert.deepEqual(new Store(db, jumpingClock()).listRuns(), []);
  });
});
