import type { RunTrigger } from '../engine/events.ts';
import type { Store } from '../engine/store.ts';
import { asPlanwrightError, PlanwrightError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Input } from '../schemas.ts';
import type { Trigger } from './definition.ts';
import { causeText } from './fill.ts';
import { overfull, refusedBy } from './limits.ts';
import { MAX_DEPTH } from './origin.ts';
import type { TriggerStore } from './triggerStore.ts';
import type { Once } from './webhook.ts';

/** What a trigger asks for now. */
export interface Request {
  readonly input: Input;
  /** One line: what happened. */
  readonly cause: string;
  /** How far from a developer a run is that follows from this, see origin.ts. 1 when absent. */
  readonly depth?: number;
  /** What makes it the same request when it comes again. */
  readonly once?: readonly Once[];
  /** A developer asks in person: rests and hourly limits are for those that nobody watches. */
  readonly inPerson?: boolean;
}

/** What became of a request. */
export type Fired =
  | { readonly outcome: 'started' | 'queued'; readonly firing: number; readonly run: string | null }
  | { readonly outcome: 'skipped'; readonly reason: string; readonly retryAt?: number };

export interface TriggerQueueOptions {
  readonly store: Store;
  readonly triggers: TriggerStore;
  readonly clock: Clock;
  /** The definitions of this process, as they are now. */
  readonly definitions: () => readonly Trigger[];
  /**
   * Starts a run.
   * @param alongside to be called with the new run's id in the transaction that makes it
   * @throws PlanwrightError when none can be started now
   */
  readonly start: (input: Input, trigger: RunTrigger, alongside: (runId: string) => void) => string;
}

/** A request that waited for longer asks for what nobody waits for any more, in milliseconds. */
export const STALE_MS = 86_400_000;

const DAY_MS = 86_400_000;

/**
 * Turns what triggers ask for into runs, one at a time: each request is written down first and starts when no other
 * run of the workspace is going on. Several processes may do so on one database; each request starts one run.
 */
export class TriggerQueue {
  readonly #options: TriggerQueueOptions;

  constructor(options: TriggerQueueOptions) {
    this.#options = options;
  }

  /** @throws PlanwrightError CONFLICT for what was asked for before, as its `once` says */
  fire(trigger: Trigger, request: Request): Fired {
    const { store, triggers } = this.#options;
    const about: RunTrigger = {
      id: trigger.id,
      kind: trigger.kind,
      cause: causeText(request.cause),
      depth: request.depth ?? 1,
      accept: trigger.accept,
    };
    const taken = store.atomically(() => {
      const seen = request.once?.some(({ key }) => triggers.recall(trigger.id, key) !== undefined) ?? false;
      if (seen) throw new PlanwrightError('CONFLICT', 'This was received before.', { hint: 'Send each thing once.' });
      const refusal = this.#refusal(trigger, request, about);
      if (refusal) {
        triggers.skip(about, refusal.reason);
        return { outcome: 'skipped' as const, ...refusal };
      }
      triggers.claim(trigger.id, request.once ?? []);
      return { outcome: 'queued' as const, firing: triggers.enqueue(about, request.input), run: null };
    }, 'machine');
    if (taken.outcome === 'skipped') return taken;
    this.pump();
    const [now] = triggers.firings(trigger.id, 50).filter(({ id }) => id === taken.firing);
    if (now?.outcome === 'started') return { outcome: 'started', firing: now.id, run: now.run };
    if (now?.outcome === 'skipped') return { outcome: 'skipped', reason: now.reason ?? '' };
    return taken;
  }

  /** Starts the oldest request that waits, unless a run is going on. Answers the run that it started. */
  pump(): string | null {
    const { triggers, clock } = this.#options;
    for (const { id, at, about, input } of triggers.allWaiting()) {
      if (triggers.busy()) return null;
      const trigger = this.#options.definitions().find((one) => one.id === about.id);
      if (!trigger) continue; // It may be another process's.
      if (!trigger.enabled || clock.now() - at > STALE_MS) {
        triggers.dropWaiting(id, trigger.enabled ? 'it waited for a day' : 'the trigger was turned off');
        continue;
      }
      // What was not allowed when it was asked for stays so, and what is no longer allowed is not done.
      const accept = trigger.accept === 'all' ? about.accept : 'ask';
      const run = this.#start(id, input, { ...about, accept });
      if (run !== null) return run;
    }
    return null;
  }

  #start(id: number, input: Input, about: RunTrigger): string | null {
    const { triggers } = this.#options;
    const busyNow = new PlanwrightError('RUN_BUSY', 'Another run is not over.');
    try {
      return this.#options.start(input, about, (run) => {
        if (triggers.busy(run) || !triggers.markStarted(id, run)) throw busyNow;
      });
    } catch (thrown) {
      if (thrown === busyNow) return null;
      const { code, message } = asPlanwrightError(thrown);
      if (code === 'STORAGE') throw thrown;
      triggers.dropWaiting(id, message);
      return null;
    }
  }

  #refusal(trigger: Trigger, { input, inPerson }: Request, { depth }: RunTrigger) {
    const { triggers, clock } = this.#options;
    if (!trigger.enabled) return { reason: 'it is turned off' };
    if (depth > MAX_DEPTH) return { reason: 'it follows from what a triggered run did, and that triggers nothing' };
    const waiting = triggers.waiting(trigger.id);
    if (waiting.some((other) => JSON.stringify(other.input) === JSON.stringify(input))) {
      return { reason: 'the same request waits already' };
    }
    const busy = triggers.busy() || triggers.allWaiting().length > 0;
    if (inPerson) return overfull(trigger.limits, waiting.length, busy);
    const now = clock.now();
    const taken = triggers.takenSince(trigger.id, now - DAY_MS);
    return refusedBy(trigger.limits, { taken, queued: waiting.length, busy }, now);
  }
}
