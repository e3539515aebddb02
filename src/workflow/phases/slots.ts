import { cancelled } from '../errors.ts';

/** What a holder can do with its slot. */
export interface Slot {
  /** Does one wait that is more urgent than that? */
  isWanted(urgency: number): boolean;
  /**
   * Hands the slot to the most urgent of those that wait, and waits to have one again.
   * @throws PlanwrightError CANCELLED when the signal aborts before there is one
   */
  lend(signal?: AbortSignal): Promise<void>;
}

interface Waiting {
  readonly urgency: () => number;
  readonly enter: () => void;
}

/**
 * At most `count` holders at a time; of those that wait the one that is most urgent by then is next, then the first. Who
 * asks in one turn of the event loop asks together: the first to ask is not the most urgent one.
 */
export class Slots {
  #free: number;
  #waiting: readonly Waiting[] = [];
  #isAdmitting = false;

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws PlanwrightError CANCELLED when the signal aborts before there is a slot */
  async use<T>(work: (slot: Slot) => Promise<T>, urgency: () => number = () => 0, signal?: AbortSignal): Promise<T> {
    await this.#turn(urgency, signal);
    let isHeld = true;
    const isWanted = (least: number) => isHeld && this.#highest() > least;
    const lend = async (until?: AbortSignal) => {
      const next = isHeld ? this.#takeNext() : undefined;
      if (!next) return;
      isHeld = false;
      const again = this.#turn(urgency, until);
      next.enter();
      await again;
      isHeld = true;
    };
    try {
      return await work({ isWanted, lend });
    } finally {
      if (isHeld) {
        this.#free += 1;
        this.#admitSoon();
      }
    }
  }

  #turn(urgency: () => number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(cancelled());
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== own);
        reject(cancelled());
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const own = { urgency, enter };
      this.#waiting = [...this.#waiting, own];
      signal?.addEventListener('abort', leave, { once: true });
      this.#admitSoon();
    });
  }

  #admitSoon(): void {
    if (this.#isAdmitting || this.#free === 0) return;
    this.#isAdmitting = true;
    setImmediate(() => {
      this.#isAdmitting = false;
      while (this.#free > 0 && this.#waiting.length > 0) {
        this.#free -= 1;
        this.#takeNext()?.enter();
      }
    });
  }

  #highest(): number {
    return Math.max(...this.#waiting.map(({ urgency }) => urgency()));
  }

  #takeNext(): Waiting | undefined {
    const most = this.#highest();
    const next = this.#waiting.find(({ urgency }) => urgency() === most);
    this.#waiting = this.#waiting.filter((other) => other !== next);
    return next;
  }
}
