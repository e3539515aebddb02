import { attemptView } from '../../workflow/attemptView.ts';
import type { ProposalBook } from '../../workflow/edits/proposalBook.ts';
import { hashOf } from '../../workflow/engine/hash.ts';
import type { IdempotencyKeys, KeyedRun } from '../../workflow/engine/idempotency.ts';
import type { Runner } from '../../workflow/engine/runner.ts';
import type { RunRecord, Store } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { estimateCompletion } from '../../workflow/estimate.ts';
import type { Clock } from '../../workflow/ports.ts';
import { type RunView, statusOf } from '../../workflow/runState.ts';
import type { Output, Status } from '../../workflow/schemas.ts';
import { historyOfOthers } from '../historyOfOthers.ts';
import type { RunFeed } from '../runFeed.ts';
import { checkDecision } from './gateDecision.ts';
import type { RunService } from './runService.ts';

export interface StoreRunServiceOptions {
  readonly store: Store;
  readonly runner: Runner<Output>;
  readonly feed: RunFeed;
  readonly book: ProposalBook;
  readonly keys: IdempotencyKeys;
  readonly clock: Clock;
  /** What a run that starts now is recorded with. @throws PlanwrightError when none can start now */
  readonly about: () => { readonly model: string; readonly workspace: string };
  /** How many tasks are implemented at once. */
  readonly concurrency: () => number;
}

/** A status that was computed is the answer for all who ask so soon after, if nothing happened, in milliseconds. */
const STATUS_MS = 250;

const ended = ['completed', 'failed', 'cancelled'];

/** The runs of one workspace's database, run by this process. */
export function storeRunService(options: StoreRunServiceOptions): RunService {
  const { store, runner, feed, book, keys, clock } = options;
  const histories = historyOfOthers(store, feed);
  const statuses = new WeakMap<RunView, { readonly at: number; readonly status: Status }>();

  const noRun = (runId: string) =>
    new PlanwrightError('NOT_FOUND', `There is no run ${runId} in this workspace.`, {
      hint: 'List the runs to see which there are.',
    });
  const record = (runId: string): RunRecord => {
    const found = store.getRun(runId);
    if (found) return found;
    throw noRun(runId);
  };
  const view = (runId: string, attempt?: number): RunView => {
    // Asked for often: the whole record would be read and thrown away.
    if (!store.hasRun(runId)) throw noRun(runId);
    const found = feed.view(runId);
    if (found && attempt !== undefined && attempt !== found.attempt)
      return attemptView(store.events(runId, 0), attempt);
    if (found) return found;
    throw new PlanwrightError('NOT_FOUND', `The run ${runId} has recorded nothing yet.`);
  };
  const sameRun = (known: KeyedRun, bodyHash: string): string => {
    if (known.bodyHash === bodyHash) return known.runId;
    throw new PlanwrightError('INVALID_INPUT', 'This idempotency key was used for another request.', {
      hint: 'Give every new request a key of its own; send an old one again exactly as it was.',
    });
  };

  return {
    start(input, { idempotencyKey } = {}) {
      if (idempotencyKey === undefined) return runner.start(input, options.about()).id;
      const bodyHash = hashOf(input);
      const known = keys.find(idempotencyKey);
      if (known) return sameRun(known, bodyHash);
      try {
        return runner.start(input, options.about(), (runId) => {
          if (!keys.claim(idempotencyKey, { runId, bodyHash })) throw conflict('This idempotency key is in use.');
        }).id;
      } catch (error) {
        const quicker = keys.find(idempotencyKey); // Another process had it in between.
        if (quicker) return sameRun(quicker, bodyHash);
        throw error;
      }
    },
    listRuns: () => store.listRuns(),
    view,
    status(runId) {
      const now = view(runId); // A new one after each event.
      const at = clock.now();
      const known = statuses.get(now);
      if (known && at >= known.at && at - known.at < STATUS_MS) return known.status;
      const status = statusOf(now, estimateCompletion(now, histories(runId), at, options.concurrency()));
      statuses.set(now, { at, status });
      return status;
    },
    proposals(runId) {
      record(runId);
      return book.latest(runId).map(({ state }) => state);
    },
    events(runId, afterSeq, limit) {
      record(runId);
      return store.events(runId, afterSeq, limit);
    },
    subscribe: (listener) => feed.onChange((_, stored) => listener(stored)),
    async cancel(runId) {
      if (record(runId).status === 'completed') throw conflict('The run is complete: there is nothing to cancel.');
      await runner.cancel(runId);
    },
    async pause(runId) {
      const { status } = record(runId);
      if (ended.includes(status)) throw conflict(`The run is ${status}: there is nothing to pause.`);
      await runner.pause(runId);
    },
    async resume(runId) {
      if (record(runId).status === 'completed') {
        throw conflict('The run is complete.', 'Restart it from a phase to do that phase again.');
      }
      if (runner.active(runId)) return;
      await book.recover(runId);
      runner.resume(runId);
    },
    async restart(runId, from) {
      record(runId);
      await runner.restart(runId, from);
    },
    openGates: (runId) => store.openGates(runId, record(runId).attempt),
    decideGate(runId, gateId, decision) {
      const { attempt } = record(runId);
      const gate = store.openGates(runId, attempt).find(({ id }) => id === gateId);
      const decided = () => conflict('This gate was decided before.', 'Ask for the open gates to see what is left.');
      if (!gate && store.decision(runId, attempt, gateId)) throw decided();
      if (!gate) {
        throw new PlanwrightError('NOT_FOUND', `The run waits at no gate “${gateId}”.`, {
          hint: 'Ask for the open gates; write a slash in a gate’s id as %2F.',
        });
      }
      checkDecision(gate, decision, view(runId).proposals);
      if (!runner.decide(runId, gateId, decision)) throw decided();
    },
  };
}

function conflict(message: string, hint?: string): PlanwrightError {
  return new PlanwrightError('CONFLICT', message, hint === undefined ? {} : { hint });
}
