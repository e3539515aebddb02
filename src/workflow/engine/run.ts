import type { z } from 'zod';
import type { ErrorInfo, PlanwrightError } from '../errors.ts';
import type { Decision, Gate, LiveEvent, RunEvent } from './events.ts';
import type { HeldGate } from './holds.ts';
import type { RetryPolicy } from './retry.ts';

export interface StepOptions {
  /**
   * What the step's result depends on. Its hash is journaled beside the result; a replay that comes
   * with another one stops with REPLAY_MISMATCH instead of using a result that no longer fits.
   */
  readonly input?: unknown;
  /** When and how often to try again; without one a step runs once. */
  readonly retry?: RetryPolicy;
  /** Whose rate limit the tries share with those of other steps: the name of a provider. */
  readonly provider?: string;
  /**
   * What the result survives: the end of the `process` (the default), or also that of the machine, once it has
   * reached the `disk`. Results that cost money are of the second kind.
   */
  readonly durability?: 'process' | 'disk';
  /** Where a gate is better than work or failure. */
  readonly hold?: StepHold;
}

/** Gates of the whole run around a step: it waits there, durably, instead of going on or failing. */
export interface StepHold {
  /** The keys of the gates below. */
  readonly keys: readonly string[];
  /** The gate to wait at before the work is done; null to do it. Asked again after each decision. */
  before?(): HeldGate | null;
  /** The gate to wait at, and then try again, when the tries are used up; null when the failure counts. */
  onFailure?(error: PlanwrightError): HeldGate | null;
}

/** What came of work that may fail, or be called off, without ending the run. */
export type TryOutcome<T> =
  | { readonly outcome: 'done'; readonly value: T }
  | { readonly outcome: 'failed'; readonly error: ErrorInfo }
  | { readonly outcome: 'called-off' };

/**
 * What a phase needs to be durable. A phase is an ordinary async function over this handle; after a crash
 * it runs again from its first line and every finished step answers from the journal.
 *
 * Names are unique within a run's name space; `scoped` and `all` open further ones.
 */
export interface Run {
  readonly id: string;
  /** From 1; a restart from a phase begins the next. */
  readonly attempt: number;
  /** Aborted when the run is cancelled or its host shuts down. */
  readonly signal: AbortSignal;

  /**
   * Runs `fn` once, ever: its result is committed to the journal before it is returned, and replayed afterwards.
   * @throws PlanwrightError REPLAY_MISMATCH when the journal has this name with another input
   * @throws PlanwrightError CANCELLED
   */
  step<T>(
    name: string,
    schema: z.ZodType<T>,
    fn: (signal: AbortSignal) => Promise<T>,
    options?: StepOptions,
  ): Promise<T>;

  /**
   * Does `work`, which may fail, or be called off through `Store.callOff` under this name, while the run goes on. What
   * it came to is journaled: a replay does not try again what has failed.
   * @param work is given this run with a signal that aborts when the work is called off too
   * @param isItsOwn says whether a failure is the work's own; any other one is thrown
   */
  tryOut<T>(
    name: string,
    work: (run: Run) => Promise<T>,
    isItsOwn: (error: PlanwrightError) => boolean,
  ): Promise<TryOutcome<T>>;

  /** Opens the gate (once) and waits for its decision: hours, reloads and crashes later too. */
  decide(gate: Gate): Promise<Decision>;

  /**
   * Runs the branches, at most `concurrency` at a time in the order given, each in its own name space.
   * When one fails the others go on; the first failure is thrown once all have ended.
   */
  all<T>(
    branches: Readonly<Record<string, (run: Run) => Promise<T>>>,
    concurrency?: number,
  ): Promise<Record<string, T>>;

  /** The same run in a name space of its own. */
  scoped(name: string): Run;

  /** Appends to the event log; a replay that emits the same event again appends nothing. */
  emit(event: RunEvent): void;

  /** Shows something that is not kept. */
  live(event: Omit<LiveEvent, 'runId'>): void;

  /** Milliseconds since the epoch, journaled under `name`, so that a replay sees the first answer. */
  now(name: string): number;
}
