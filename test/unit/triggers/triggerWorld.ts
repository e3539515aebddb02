import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { processOwner } from '../../../src/hosts/node/owner.ts';
import { RunFeed } from '../../../src/hosts/runFeed.ts';
import { TriggerHost } from '../../../src/hosts/triggers/triggerHost.ts';
import { ProposalBook } from '../../../src/workflow/edits/proposalBook.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Runner } from '../../../src/workflow/engine/runner.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { cancelled } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';
import type { Input, Output } from '../../../src/workflow/schemas.ts';
import { readTriggers, type Trigger } from '../../../src/workflow/triggers/definition.ts';
import { TriggerStore } from '../../../src/workflow/triggers/triggerStore.ts';

/** Triggers over a real database and folder; a run is whatever `work` does, and is over when that is. */

export const secret = 'a secret of enough characters';

/** A clock that the test turns. */
export class TestClock implements Clock {
  time: number;

  constructor(time = Date.parse('2027-03-01T12:00:00Z')) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  pass(ms: number): void {
    this.time += ms;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  random(): number {
    return 0.5;
  }
}

export interface WorldOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly work?: (input: Input, runId: string) => Promise<void>;
  /** The folder and database of another world: a process beside it, or after it. */
  readonly beside?: { readonly root: string; readonly clock: TestClock };
}

/** @param definitions as settings have them */
export async function openTriggers(t: TestContext, definitions: readonly object[], options: WorldOptions = {}) {
  const root = options.beside?.root ?? mkdtempSync(join(tmpdir(), 'planwright-triggers-'));
  const clock = options.beside?.clock ?? new TestClock();
  const folder = join(root, 'work');
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(options.files ?? {})) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { db } = openDatabase(join(root, 'x.db'));
  const store = new Store(db, clock);
  const memory = new TriggerStore(new Statements(db), clock);
  const workspace = new NodeWorkspace(folder);
  const book = new ProposalBook(store, workspace, processOwner());
  const output: Output = {
    implementation: '',
    documentation: '',
    tests: [],
    metrics: { planScore: 100, implementationTime: 0, testCoverage: null },
  };
  const runner = new Runner<Output>({
    store,
    clock,
    ownerId: `triggers-${Math.random()}`,
    workflow: async (run, input) => {
      const stopped = new Promise<never>((_, reject) =>
        run.signal.addEventListener('abort', () => reject(cancelled())),
      );
      await Promise.race([options.work?.(input, run.id), stopped]);
      return output;
    },
  });
  const feed = new RunFeed(store);
  const said: string[] = [];
  const host = new TriggerHost({
    store,
    memory,
    clock,
    feed,
    workspace,
    book,
    runner,
    start: (input, trigger, alongside) =>
      runner.start(input, { model: 'none', workspace: 'work', trigger }, alongside).id,
    secret: async () => secret,
    log: (text) => said.push(text),
  });
  const { triggers, problems } = readTriggers(definitions);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await host.use(triggers);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    host.dispose();
    feed.dispose();
    await runner.stop();
    book.dispose();
    db.close();
  };
  t.after(async () => {
    await close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    root,
    folder,
    clock,
    db: db as DatabaseSync,
    store,
    memory,
    book,
    workspace,
    runner,
    feed,
    host,
    said,
    close,
    trigger: (id: string) => triggers.find((one) => one.id === id) as Trigger,
    /** Of the runs there are, what started each, oldest first. */
    started: () =>
      store
        .listRuns()
        .reverse()
        .map(({ id }) => {
          const [first] = store.events(id, 0, 1);
          return first?.event.type === 'workflow.started' ? first.event : undefined;
        }),
    /** Once every run is over, and what waits for one has been looked at. */
    async quiet() {
      for (let turn = 0; turn < 2000; turn++) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        const open = store.listRuns().some(({ status }) => ['queued', 'in_progress', 'waiting'].includes(status));
        if (!open && memory.allWaiting().length === 0) return;
      }
      throw new Error('It does not come to rest.');
    },
  };
}

/** A run that goes on until it is told to end. */
export function blocking() {
  const waiting: (() => void)[] = [];
  return {
    work: () => new Promise<void>((resolve) => waiting.push(resolve)),
    endOne: () => waiting.shift()?.(),
  };
}
