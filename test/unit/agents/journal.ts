import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { LiveEvent, RunEvent } from '../../../src/workflow/engine/events.ts';
import { Execution } from '../../../src/workflow/engine/execution.ts';
import type { Run } from '../../../src/workflow/engine/run.ts';
import { RunHandle } from '../../../src/workflow/engine/runHandle.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import type { Clock } from '../../../src/workflow/ports.ts';

/** A clock that stands still but for what is slept. */
export function sleepingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 1_000_000;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    random: () => 0,
  };
}

export interface Journal {
  readonly clock: ReturnType<typeof sleepingClock>;
  /** The run from its first line, as after a crash. */
  readonly pass: () => Run;
  readonly events: () => readonly RunEvent[];
  readonly live: readonly LiveEvent[];
  readonly cancel: () => void;
}

/** A run on a real database of its own. */
export function openJournal(t: TestContext): Journal {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-journal-'));
  const { db } = openDatabase(join(folder, 'planwright.db'));
  t.after(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = sleepingClock();
  const store = new Store(db, clock);
  const runId = store.createRun({ request: 'r', requirements: [] }, { model: 'm', workspace: 'w' });
  const owner = 'test';
  store.lease(runId, owner, 60_000);
  const live: LiveEvent[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const pass = () =>
    new RunHandle(new Execution({ store, clock, runId, attempt: 1, owner, signal, live: (event) => live.push(event) }));
  return {
    clock,
    pass,
    live,
    events: () => store.events(runId, 0).map(({ event }) => event),
    cancel: () => controller.abort('cancel'),
  };
}
