import { cancelled } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { LiveEvent } from './events.ts';
import type { Store } from './store.ts';

/** One pass of the workflow function over one attempt, and what all its handles share. */
export class Execution {
  readonly store: Store;
  readonly clock: Clock;
  readonly runId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly live: (event: LiveEvent) => void;
  readonly #usedNames = new Set<string>();
  #steps = 0;
  #waiting = 0;

  constructor(options: {
    readonly store: Store;
    readonly clock: Clock;
    readonly runId: string;
    readonly attempt: number;
    readonly signal: AbortSignal;
    readonly live: (event: LiveEvent) => void;
  }) {
    this.store = options.store;
    this.clock = options.clock;
    this.runId = options.runId;
    this.attempt = options.attempt;
    this.signal = options.signal;
    this.live = options.live;
  }

  /** False when this pass has used the name before. */
  claim(name: string): boolean {
    if (this.#usedNames.has(name)) return false;
    this.#usedNames.add(name);
    return true;
  }

  throwIfAborted(): void {
    if (this.signal.aborted) throw cancelled();
  }

  async during<T>(what: 'step' | 'waiting', work: () => Promise<T>): Promise<T> {
    this.#count(what, 1);
    try {
      return await work();
    } finally {
      this.#count(what, -1);
    }
  }

  /** A run waits when a gate is open and nothing is being worked on. */
  #count(what: 'step' | 'waiting', by: number): void {
    if (what === 'step') this.#steps += by;
    else this.#waiting += by;
    if (!this.signal.aborted)
      this.store.setStatus(this.runId, this.#waiting > 0 && this.#steps === 0 ? 'waiting' : 'in_progress');
  }
}
