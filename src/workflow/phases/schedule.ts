import type { Task } from '../schemas.ts';
import { Pace } from './pace.ts';
import { Slots } from './slots.ts';

/** How much more urgent than a task another must be to have its slot, in small tasks: changing over is not free. */
const WORTH_CHANGING = 0.1;

/** What a task that is at work waits for before each turn of its agent: mostly for nothing. */
export type Turn = (signal: AbortSignal) => Promise<void>;

/**
 * Which of the tasks that could be worked on are: at most `count` at a time, the most urgent first. An agent works in
 * turns, so that a task can lend its slot between two of them. It does to one that has become more urgent, and only
 * when the plan would end later than it has to otherwise: then as soon as possible is not one after the other (Muntz
 * and Coffman, 1970: the longest way left goes first).
 */
export class Schedule {
  readonly #slots: Slots;
  readonly #pace: Pace;

  /** @param now milliseconds */
  constructor(tasks: readonly Task[], count: number, now: () => number) {
    this.#slots = new Slots(count);
    this.#pace = new Pace(tasks, count, now);
  }

  /**
   * Carries out a task whose dependencies are done, when it is its turn.
   * @throws PlanwrightError CANCELLED when the signal aborts before there is a slot
   */
  async work<T>(id: string, work: (turn: Turn) => Promise<T>, signal: AbortSignal): Promise<T> {
    const pace = this.#pace;
    const urgency = () => pace.urgency(id);
    pace.wait(id);
    try {
      const result = await this.#slots.use(
        async (slot) => {
          pace.work(id);
          const turn: Turn = async (until) => {
            if (!slot.isWanted(urgency() + WORTH_CHANGING) || !pace.isLate()) return;
            pace.pause(id);
            await slot.lend(until);
            pace.work(id);
          };
          const done = await work(turn);
          pace.done(id);
          return done;
        },
        urgency,
        signal,
      );
      return result;
    } catch (error) {
      pace.stop(id);
      throw error;
    }
  }
}
