import { systemClock } from '../../src/hosts/node/systemClock.ts';
import type { PlanwrightError } from '../../src/workflow/errors.ts';
import type { Clock } from '../../src/workflow/ports.ts';
import { openHarness } from '../unit/workflow/harness.ts';
import type { FaultPoints } from './points.ts';
import { input, scriptedAgent } from './script.ts';

/** What a pass over the job came to. */
export interface Outcome {
  readonly status: string;
  readonly output: unknown;
  /** Model calls whose results the journal had when the pass began. */
  readonly committedBefore: number;
  /** Model calls made in this pass. */
  readonly made: number;
  /** The failure that could not be recorded, when there was one. */
  readonly unrecorded: string | null;
}

/** When the lease of a process that was killed has run out. */
const later: Clock = { ...systemClock, now: () => Date.now() + 60_000 };

/** Starts the job, or goes on with it, and decides as a developer would until it has ended. */
export async function runJob(folder: string, database: string, points?: FaultPoints): Promise<Outcome> {
  let made = 0;
  let unrecorded: string | null = null;
  const job = openHarness({
    folder,
    database,
    settings: { maxRounds: 1 },
    clock: points ? systemClock : later,
    model: (agent) => {
      const model = scriptedAgent(agent);
      return points?.model(model) ?? model;
    },
    onCall: () => {
      made += 1;
    },
    onUnrecorded: (_id, error) => {
      unrecorded = error.code;
    },
    ...(points ? { wrapDatabase: points.database, wrapWorkspace: points.workspace } : {}),
  });
  const { store, runner, book } = job;
  const known = store.listRuns()[0];
  const committedBefore = known
    ? store.stepNames(known.id, known.attempt).filter((name) => /\/model-\d+$/.test(name)).length
    : 0;
  try {
    let id: string;
    let done: Promise<void>;
    if (known?.status === 'completed') {
      // It was cut off after its last word.
      await book.recover(known.id);
      id = known.id;
      done = Promise.resolve();
    } else if (known) {
      await book.recover(known.id);
      id = known.id;
      done = runner.resume(id).done;
    } else {
      try {
        ({ id, done } = runner.start(input, { model: 'scripted', workspace: 'greeter' }));
      } catch (error) {
        if ((error as PlanwrightError).code !== 'STORAGE') throw error;
        return { status: 'never begun', output: null, committedBefore, made, unrecorded: 'STORAGE' };
      }
    }
    let over = false;
    void done.finally(() => {
      over = true;
    });
    while (!over) {
      const failure = await decideOne(job, id).catch((error: PlanwrightError) => error);
      if (failure?.code === 'STORAGE') {
        unrecorded = failure.code;
        break;
      }
      if (failure) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const run = store.getRun(id);
    const output = job.view(id).output;
    return {
      status: run?.status ?? 'gone',
      output: output && { ...output, metrics: { ...output.metrics, implementationTime: 0 } },
      committedBefore,
      made,
      unrecorded,
    };
  } finally {
    points?.release();
    await job.close();
  }
}

/** Takes one decision that is due: always the same one for the same question. */
async function decideOne({ store, runner, book }: ReturnType<typeof openHarness>, id: string): Promise<void> {
  const gates = store.openGates(id, 1);
  const plan = gates.find(({ kind }) => kind !== 'proposal');
  if (plan) return void runner.decide(id, plan.id, { choice: plan.defaultChoice, by: 'test' });
  for (const { state } of book.latest(id)) {
    for (const hunk of state.hunks.filter(({ decision }) => decision === 'pending')) {
      if (hunk.requirementIds.length === 0) return book.reject(id, 1, state.id, hunk.id, 'test');
      const gate = gates.find(({ proposalId }) => proposalId === state.id);
      if (!gate) continue;
      const wantsChange = state.path === 'src/names.ts' && hunk.feedback === undefined;
      if (!wantsChange) return book.accept(id, 1, state.id, hunk.id, 'test');
      const data = { hunkId: hunk.id };
      return void runner.decide(id, gate.id, { choice: 'change', note: 'other names', data, by: 'test' });
    }
  }
}
