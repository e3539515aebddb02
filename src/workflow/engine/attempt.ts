import type { Store } from './store.ts';

/** One attempt of a run, in the store that keeps it. */
export interface Attempt {
  readonly store: Store;
  readonly runId: string;
  readonly attempt: number;
}

/** An attempt that is worked on here. */
export interface AttemptAtWork extends Attempt {
  /** Aborts when the work is to end. */
  readonly signal: AbortSignal;
  /** Does the work and tells the run's status meanwhile: one waits when nothing else is worked on. */
  during<T>(what: 'step' | 'waiting', work: () => Promise<T>): Promise<T>;
}
