import assert from 'node:assert/strict';
import { mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { z } from 'zod';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { Budget, type Limits } from '../../../src/workflow/agents/budget.ts';
import { providerDownGate } from '../../../src/workflow/agents/providerDown.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { migrations } from '../../../src/workflow/engine/migrations.ts';
import { prune } from '../../../src/workflow/engine/retention.ts';
import type { Run } from '../../../src/workflow/engine/run.ts';
import { Runner } from '../../../src/workflow/engine/runner.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';

const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof import('node:sqlite');
const number = z.number();
const input = { request: 'x', requirements: [] };
const about = { model: 'demo', workspace: 'w' };

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-durability-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Processes on one database; `open` starts another one. */
function processes(t: TestContext) {
  const path = join(folderOf(t), 'planwright.db');
  return {
    path,
    open(workflow: (run: Run) => Promise<unknown>, ownerId = 'one', clock: Clock = systemClock) {
      const { db } = openDatabase(path);
      t.after(() => db.close());
      const store = new Store(db, clock);
      return { db, store, runner: new Runner<unknown>({ store, clock, ownerId, workflow }) };
    },
  };
}

const until = async (condition: () => boolean) => {
  for (let turn = 0; turn < 1000 && !condition(); turn++) await new Promise((resolve) => setTimeout(resolve, 2));
  assert.ok(condition());
};

const down = () => {
  throw new PlanwrightError('RATE_LIMIT', 'Too many requests.', { retryable: true });
};
const hold = { keys: ['provider-down'], onFailure: providerDownGate };

describe('a provider that stays down', () => {
  it('opens one gate for all branches, and each goes on after it', async (t) => {
    const { open } = processes(t);
    let up = false;
    const calls: string[] = [];
    const call = (name: string) => (run: Run) =>
      run.step(
        'call',
        number,
        async () => {
          calls.push(name);
          return up ? 1 : down();
        },
        { hold },
      );
    const { runner, store } = open((run) => run.all({ a: call('a'), b: call('b'), c: call('c') }));
    const { id, done } = runner.start(input, about);
    await until(() => calls.length === 3 && store.getRun(id)?.status === 'waiting');
    assert.deepEqual(
      store.openGates(id, 1).map((gate) => [gate.id, gate.kind]),
      [['provider-down-1', 'provider-down']],
    );
    up = true;
    runner.decide(id, 'provider-down-1', { choice: 'retry', by: 'test' });
    await done;
    assert.equal(store.getRun(id)?.status, 'completed');
    assert.equal(calls.length, 6);
  });

  it('keeps the run waiting over a restart, and asks again when it is still down', async (t) => {
    const { open } = processes(t);
    let calls = 0;
    const workflow = (run: Run) =>
      run.step(
        'call',
        number,
        async () => {
          calls += 1;
          return calls < 3 ? down() : calls;
        },
        { hold },
      );
    const first = open(workflow);
    const { id } = first.runner.start(input, about);
    await until(() => first.store.openGates(id, 1).length === 1);
    await first.runner.stop();
    const second = open(workflow, 'two');
    const { done } = second.runner.resume(id);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(calls, 1, 'nothing is tried while the gate is open');
    second.runner.decide(id, 'provider-down-1', { choice: 'retry', by: 'test' });
    await until(() => second.store.openGates(id, 1)[0]?.id === 'provider-down-2');
    second.runner.decide(id, 'provider-down-2', { choice: 'retry', by: 'test' });
    await done;
    assert.equal(calls, 3);
    assert.equal(second.store.getRun(id)?.status, 'completed');
  });

  it('ends the run when the developer stops it there', async (t) => {
    const { runner, store } = processes(t).open((run) => run.step('call', number, async () => down(), { hold }));
    const { id, done } = runner.start(input, about);
    await until(() => store.openGates(id, 1).length === 1);
    runner.decide(id, 'provider-down-1', { choice: 'stop', by: 'test' });
    await done;
    assert.equal(store.getRun(id)?.status, 'cancelled');
  });

  it('is not what a wrong key is: that fails at once', () => {
    for (const code of ['BAD_KEY', 'QUOTA', 'INVALID_REQUEST', 'NONSENSE', 'CANCELLED', 'STORAGE'] as const)
      assert.equal(providerDownGate(new PlanwrightError(code, '')), null);
    for (const code of ['RATE_LIMIT', 'TIMEOUT', 'REFUSED_CONNECTION', 'MODEL_GONE', 'NO_CONSENT'] as const)
      assert.equal(providerDownGate(new PlanwrightError(code, 'm'))?.title, 'm');
  });
});

describe('a budget', () => {
  const none: Limits = { tokens: null, cost: null, minutes: null };
  const spending = (limits: Partial<Limits>, spent: { tokens?: number; cost?: number; minutes?: number }, raised = 0) =>
    new Budget(
      { ...none, ...limits },
      {},
      {
        spent: () => ({
          inputTokens: spent.tokens ?? 0,
          outputTokens: 0,
          cost: spent.cost ?? 0,
          modelMs: (spent.minutes ?? 0) * 60_000,
        }),
        raised: () => raised,
      },
    ).gate('r');

  it('asks once a limit is reached, and again when as much again is taken', () => {
    assert.equal(spending({ tokens: 100 }, { tokens: 99 }), null);
    assert.match(spending({ tokens: 100 }, { tokens: 100 })?.question ?? '', /100 tokens of 100/);
    assert.equal(spending({ tokens: 100 }, { tokens: 150 }, 1), null);
    assert.match(spending({ tokens: 100 }, { tokens: 200 }, 1)?.question ?? '', /200 tokens of 200/);
    assert.match(spending({ cost: 0.5 }, { cost: 0.75 })?.question ?? '', /cost 0\.75 of 0\.5/);
    assert.match(spending({ minutes: 1 }, { minutes: 2 })?.question ?? '', /2 minutes of model time of 1/);
    assert.equal(spending({}, { tokens: 1e9, cost: 1e9, minutes: 1e9 }), null);
  });

  it('prices cached input by its own price', () => {
    const budget = new Budget(
      none,
      { m: { input: 10, output: 100, cachedInput: 1 } },
      { spent: () => assert.fail(), raised: () => 0 },
    );
    const usage = (total: number, cacheRead: number, output: number) => ({
      inputTokens: { total, cacheRead },
      outputTokens: { total: output },
    });
    assert.equal(budget.costOf('m', usage(1_000_000, 400_000, 100_000)), 6 + 0.4 + 10);
    assert.equal(budget.costOf('other', usage(1, 0, 1)), undefined);
  });

  it('pauses a run at a gate, counts each call once over all attempts, and goes on', async (t) => {
    const { open } = processes(t);
    let budget: Budget;
    const { runner, store } = open(async (run) => {
      for (const phase of ['planning', 'review']) {
        const scope = run.scoped(phase);
        await scope.step('call', number, async () => 1, {
          hold: { keys: ['budget'], before: () => budget.gate(run.id) },
        });
        const tokens = { inputTokens: 50, cachedInputTokens: 0, outputTokens: 10, durationMs: 5, endedAt: 7 };
        scope.emit({ type: 'usage', agent: 'planner', taskId: phase, model: 'm', cost: 0.5, ...tokens });
      }
    });
    budget = new Budget({ ...none, tokens: 60 }, {}, store);
    const { id, done } = runner.start(input, about);
    await until(() => store.openGates(id, 1).length === 1);
    assert.equal(store.openGates(id, 1)[0]?.id, 'budget-1');
    runner.decide(id, 'budget-1', { choice: 'raise', by: 'test' });
    await done;
    assert.equal(store.getRun(id)?.status, 'completed');
    assert.deepEqual(store.spent(id), { inputTokens: 100, outputTokens: 20, modelMs: 10, cost: 1 });
    await (await runner.restart(id, 'implementation')).done;
    assert.deepEqual(store.spent(id).inputTokens, 100, 'what the new attempt took over is not paid again');
  });
});

describe('a run that is paused', () => {
  it('waits for its developer and for nobody else', async (t) => {
    const { open } = processes(t);
    let worked = 0;
    const workflow = async (run: Run) => {
      await run.step('slow', number, async (signal) => {
        worked += 1;
        await systemClock.sleep(worked === 1 ? 60_000 : 0, signal);
        return 1;
      });
    };
    const first = open(workflow);
    const { id } = first.runner.start(input, about);
    await until(() => worked === 1);
    await first.runner.pause(id);
    assert.equal(first.store.getRun(id)?.status, 'waiting');
    assert.equal(first.store.getRun(id)?.paused, true);
    const second = open(workflow, 'two');
    assert.deepEqual(second.runner.interrupted(), []);
    await second.runner.resume(id).done;
    assert.equal(second.store.getRun(id)?.status, 'completed');
    assert.equal(second.store.getRun(id)?.paused, false);
  });
});

describe('a run that is told to stop', () => {
  it('does so soon, also when a step does not listen', async (t) => {
    const { runner, store } = processes(t).open((run) => run.step('deaf', number, () => new Promise(() => {})));
    const { id } = runner.start(input, about);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await runner.cancel(id); // Would not return if the step were waited for.
    assert.equal(store.getRun(id)?.status, 'cancelled');
  });
});

describe('a run that is told two things at once', () => {
  const slow = (run: Run) =>
    run.scoped('planning').step('slow', number, async (signal) => {
      await systemClock.sleep(30, signal);
      return 1;
    });

  it('is cancelled when it is paused and cancelled', async (t) => {
    const { runner, store } = processes(t).open(slow);
    const { id } = runner.start(input, about);
    await Promise.all([runner.pause(id), runner.cancel(id)]);
    assert.equal(store.getRun(id)?.status, 'cancelled');
  });

  it('works on one attempt only when it is restarted twice', async (t) => {
    let atWork = 0;
    let most = 0;
    const { runner, store } = processes(t).open((run) =>
      run.scoped('planning').step('slow', number, async (signal) => {
        atWork += 1;
        most = Math.max(most, atWork);
        await systemClock.sleep(30, signal).finally(() => {
          atWork -= 1;
        });
        return 1;
      }),
    );
    const { id } = runner.start(input, about);
    const restarts = await Promise.all([runner.restart(id, 'planning'), runner.restart(id, 'planning')]);
    await Promise.all(restarts.map(({ done }) => done));
    assert.equal(most, 1);
    assert.equal(store.getRun(id)?.status, 'completed');
  });
});

describe('a process that was stopped for longer than its lease', () => {
  it('writes nothing into a run that another one has taken over', async (t) => {
    const { open } = processes(t);
    let finish: (value: number) => void = () => {};
    let slow = true;
    const workflow = (run: Run) =>
      run.step('paid', number, () =>
        slow ? new Promise<number>((resolve) => (finish = resolve)) : Promise.resolve(2),
      );
    const sleeper = open(workflow, 'sleeper');
    const { id, done } = sleeper.runner.start(input, about);
    await until(() => sleeper.store.getRun(id)?.status === 'in_progress');
    const later: Clock = { ...systemClock, now: () => Date.now() + 60_000 };
    const heir = open(workflow, 'heir', later);
    slow = false;
    await heir.runner.resume(id).done;
    assert.equal(heir.store.getRun(id)?.status, 'completed');
    finish(1);
    await done;
    assert.deepEqual(heir.store.step(id, 1, 'paid')?.result, 2);
    assert.equal(heir.store.getRun(id)?.status, 'completed');
    assert.equal(heir.store.events(id, 0).filter(({ event }) => event.type === 'workflow.completed').length, 1);
  });
});

describe('a replay', () => {
  it('stops when the workflow asks for another step than the journal has, and names both', async (t) => {
    const { open } = processes(t);
    const recorded = open(async (run) => {
      const scope = run.scoped('review');
      await scope.step('old', number, async () => 1);
      throw new PlanwrightError('NONSENSE', 'stop here');
    });
    const { id, done } = recorded.runner.start(input, about);
    await done;
    let ran = false;
    const changed = open(async (run) => {
      await run.scoped('review').step('new', number, async () => {
        ran = true;
        return 1;
      });
    }, 'two');
    await changed.runner.resume(id).done;
    const failed = changed.store.events(id, 0).findLast(({ event }) => event.type === 'workflow.failed')?.event;
    assert.ok(failed?.type === 'workflow.failed');
    assert.equal(failed.error.code, 'REPLAY_MISMATCH');
    assert.match(failed.error.message, /review\/old.*review\/new/);
    assert.match(failed.error.hint ?? '', /Restart from the review phase/);
    assert.equal(ran, false);
  });
});

describe('attempts', () => {
  it('are listed, and any of them can be the source of the next', async (t) => {
    let value = 0;
    const { runner, store } = processes(t).open(async (run) => {
      const planned = await run.scoped('planning').step('n', number, async () => ++value);
      return run.scoped('review').step('n', number, async () => planned * 10);
    });
    const { id, done } = runner.start(input, about);
    await done;
    await (await runner.restart(id, 'planning')).done;
    await (await runner.restart(id, 'review', 1)).done;
    assert.deepEqual(
      store.listAttempts(id).map(({ attempt, source }) => [attempt, source?.attempt ?? null, source?.from ?? null]),
      [
        [1, null, null],
        [2, 1, 'planning'],
        [3, 1, 'review'],
      ],
    );
    assert.deepEqual(
      [1, 2, 3].map((attempt) => store.step(id, attempt, 'review/n')?.result),
      [10, 20, 10],
    );
    await assert.rejects(runner.restart(id, 'review', 9), { code: 'NOT_FOUND' });
  });
});

describe('the database', () => {
  it('comes up to date from every earlier version, with what is in it', (t) => {
    for (let version = 1; version < migrations.length; version++) {
      const path = join(folderOf(t), 'planwright.db');
      const old = new DatabaseSync(path);
      for (const migration of migrations.slice(0, version)) old.exec(migration);
      old.exec(`PRAGMA user_version = ${version};
        INSERT INTO runs (id, created_at, input_json, model, workspace, status, attempt)
        VALUES ('r', 1, '{"request":"x","requirements":[]}', 'm', 'w', 'completed', 1)`);
      old.close();
      const { db } = openDatabase(path);
      const run = new Store(db, systemClock).getRun('r');
      assert.equal(run?.status, 'completed');
      assert.equal(run?.paused, false);
      assert.equal(
        (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version,
        migrations.length,
      );
      db.close();
    }
  });

  it('that is damaged in the middle keeps the rows that can be read', async (t) => {
    const { path, open } = processes(t);
    const steps = 300;
    const writer = open(async (run) => {
      for (let n = 0; n < steps; n++) await run.step(`s${n}`, z.string(), async () => 'x'.repeat(2000));
    });
    const { id, done } = writer.runner.start(input, about);
    await done;
    writer.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const copy = join(folderOf(t), 'planwright.db');
    const bytes = readFileSync(path);
    writeFileSync(copy, bytes);
    // Two pages of garbage in the middle of the steps.
    const file = openSync(copy, 'r+');
    writeSync(file, Buffer.alloc(16_384, 0x5a), 0, 16_384, Math.floor(statSync(copy).size / 2 / 8192) * 8192);
    const { db, damage } = openDatabase(copy);
    t.after(() => db.close());
    assert.ok(damage);
    assert.equal(damage.salvaged.complete, false);
    const saved = new Store(db, systemClock);
    assert.equal(saved.getRun(id)?.status, 'completed');
    const kept = saved.stepNames(id, 1).length;
    assert.ok(kept >= steps - 20 && kept < steps, `${kept} of ${steps}`);
    assert.equal((db.prepare('PRAGMA integrity_check').get() as { integrity_check: string }).integrity_check, 'ok');
    assert.deepEqual(readFileSync(damage.setAside).length, bytes.length, 'the damaged file is kept as it was');
  });
});

describe('retention', () => {
  it('removes what ended long ago, says what that was, and keeps everything by default', async (t) => {
    const { open } = processes(t);
    const { runner, store } = open(async () => 1);
    const { id, done } = runner.start({ ...input, request: 'old' }, about);
    await done;
    const waiting = open(
      (run) => run.decide({ id: 'g', kind: 'plan-approval', title: '', question: '', choices: [], defaultChoice: '' }),
      'two',
    );
    waiting.runner.start({ ...input, request: 'still open' }, about);
    const muchLater = Date.now() + 40 * 86_400_000;
    assert.deepEqual(prune(store, 0, muchLater), []);
    assert.deepEqual(prune(store, 60, muchLater), []);
    assert.deepEqual(prune(store, 30, muchLater), [{ id, request: 'old' }]);
    assert.deepEqual(
      store.listRuns().map((run) => run.input.request),
      ['still open'],
    );
    assert.deepEqual(store.events(id, 0), []);
    await waiting.runner.stop();
  });
});
