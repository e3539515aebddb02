import type { Clock } from '../ports.ts';
import { until } from './abort.ts';

/** How a call that a gate let through came out. */
export interface Passage {
  answered(): void;
  /** For a rate limit: nobody is to call before so many milliseconds are over. */
  refused(forMs: number): void;
  failed(): void;
}

/**
 * One provider's rate limit, shared by all that call it. After a refusal nobody calls before the wait is over; then
 * one call goes first, and the others follow when it is answered.
 */
export class RateGate {
  readonly #clock: Clock;
  /** When calls may be made again, in milliseconds since the epoch; null while they may. */
  #closedUntil: number | null = null;
  /** Resolves when the call that went first is over. */
  #first: Promise<void> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits until a call may be made; its caller says how it came out. @throws PlanwrightError CANCELLED */
  async enter(signal: AbortSignal): Promise<Passage> {
    while (this.#closedUntil !== null) {
      const wait = this.#closedUntil - this.#clock.now();
      if (this.#first) await until(this.#first, signal);
      else if (wait > 0) await this.#clock.sleep(wait, signal);
      else return this.#goFirst();
    }
    return { answered: () => {}, failed: () => {}, refused: (forMs) => this.#close(forMs) };
  }

  #goFirst(): Passage {
    const { promise, resolve } = Promise.withResolvers<void>();
    const closedUntil = this.#closedUntil;
    this.#first = promise;
    const over = () => {
      this.#first = null;
      resolve();
    };
    return {
      answered: () => {
        // A call from before may have been refused meanwhile: then the gate stays closed.
        if (this.#closedUntil === closedUntil) this.#closedUntil = null;
        over();
      },
      failed: over,
      refused: (forMs) => {
        this.#close(forMs);
        over();
      },
    };
  }

  #close(forMs: number): void {
    this.#closedUntil = Math.max(this.#closedUntil ?? 0, this.#clock.now() + forMs);
  }
}
