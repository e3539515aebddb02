import type { Limits } from './definition.ts';

/** What a trigger did before, and what waits: all that its limits look at. Times in milliseconds since the epoch. */
export interface Standing {
  /** When its requests of the last day were taken, in order. */
  readonly taken: readonly number[];
  /** Its requests that wait. */
  readonly queued: number;
  /** Whether a run of this workspace is not over. */
  readonly busy: boolean;
}

/** Why a request is not taken. */
export interface Refusal {
  readonly reason: string;
  /** When it may be, if time alone helps. */
  readonly retryAt?: number;
}

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Null when the limits allow another request now. */
export function refusedBy(limits: Limits, { taken: all, queued, busy }: Standing, now: number): Refusal | null {
  // A clock that was far ahead and is put right would have it rest until then.
  const taken = all.filter((at) => at <= now + DAY);
  const last = taken.at(-1);
  const rested = (last ?? Number.NEGATIVE_INFINITY) + limits.coolDownSeconds * SECOND;
  if (now < rested)
    return { reason: `cooling down for ${limits.coolDownSeconds} s after the last one`, retryAt: rested };
  const windows = [
    { most: limits.perHour, span: HOUR, name: 'an hour' },
    { most: limits.perDay, span: DAY, name: 'a day' },
  ];
  for (const { most, span, name } of windows) {
    const within = taken.filter((at) => at > now - span);
    if (within.length >= most) {
      return { reason: `at most ${most} in ${name}`, retryAt: (within.at(-most) ?? now) + span };
    }
  }
  return overfull(limits, queued, busy);
}

/** Null when there is nothing to wait for, or room to wait. */
export function overfull(limits: Limits, queued: number, busy: boolean): Refusal | null {
  if (!busy && queued === 0) return null;
  if (limits.queue === 0) return { reason: 'another run is not over' };
  return queued < limits.queue ? null : { reason: `${queued} of its requests wait already` };
}
