import { Cron } from 'croner';
import { hashOf } from '../engine/hash.ts';
import { say } from '../words/say.ts';
import type { TriggerOf } from './definition.ts';
import type { Once } from './webhook.ts';

/**
 * When schedules are due, as functions of the time: the timer is the host's. Only what has a schedule loads this.
 * Times are milliseconds since the epoch.
 */
type Schedule = Pick<TriggerOf<'schedule'>, 'cron' | 'timeZone'>;

export interface Due {
  /** The latest time it should have run at, at or before now. */
  readonly slot: number;
  /** How many times before that one were missed, as far as they were counted. */
  readonly missed: number;
}

/** By then the last time that is remembered is a later one, in milliseconds. */
const SLOT_KEPT_MS = 400 * 86_400_000;

/** Missed times are counted so far. */
const MOST_COUNTED = 1000;

/** What is wrong with the expression; null when nothing is. */
export function scheduleProblem(schedule: Schedule): string | null {
  if (schedule.cron.trim().split(/\s+/).length !== 5) {
    return say`write minute, hour, day of the month, month and day of the week, as "0 3 * * 1-5"`;
  }
  try {
    return cronOf(schedule).nextRun() === null ? say`it never comes` : null;
  } catch {
    return refusedField(schedule.cron) ?? say`it cannot be read`;
  }
}

/** Which field cannot be read: croner says so too, but in English, and counts days and months from 0. */
function refusedField(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  const at = fields.findIndex((field, index) => !isRead(fields.map((_, other) => (other === index ? field : '*'))));
  const field = `“${fields[at]}”`;
  return [
    say`${field} is no minute: 0 to 59`,
    say`${field} is no hour: 0 to 23`,
    say`${field} is no day of the month: 1 to 31`,
    say`${field} is no month: 1 to 12, or JAN to DEC`,
    say`${field} is no day of the week: 0 to 7, or SUN to SAT`,
  ][at];
}

function isRead(fields: readonly string[]): boolean {
  try {
    cronOf({ cron: fields.join(' ') });
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with those that cannot run, by their ids. */
export function scheduleProblems(schedules: readonly TriggerOf<'schedule'>[]): ReadonlyMap<string, string> {
  return new Map(
    schedules.flatMap((schedule) => {
      const problem = scheduleProblem(schedule);
      return problem === null ? [] : [[schedule.id, say`Trigger ${`“${schedule.id}”`}: ${'cron'}: ${problem}.`]];
    }),
  );
}

/** The next time after that one; null when there is none. */
export function nextTime(schedule: Schedule, after: number): number | null {
  return cronOf(schedule).nextRun(new Date(after))?.getTime() ?? null;
}

/**
 * What is due when it last ran at `last`: of several times that went by, as while nothing was open, the latest counts,
 * once. Null when nothing is.
 */
export function dueAt(schedule: Schedule, last: number, now: number): Due | null {
  const first = nextTime(schedule, last);
  if (first === null || first > now) return null;
  // Up to, and not including, the reference: hence the millisecond.
  const slots = cronOf(schedule).previousRuns(MOST_COUNTED + 1, new Date(now + 1));
  const missed = slots.filter((slot) => slot.getTime() > last && slot.getTime() <= now);
  return { slot: missed[0]?.getTime() ?? first, missed: Math.max(0, missed.length - 1) };
}

/** Under which the last time is remembered: another schedule is another memory. */
export function memoryKey({ cron, timeZone = '' }: Schedule): string {
  return `schedule:${hashOf([cron, timeZone]).slice(0, 16)}`;
}

/** What makes a slot of a schedule one that counts once, whichever process comes to it first. */
export function slotOnce(schedule: Schedule, slot: number): Once {
  return { key: `${memoryKey(schedule)}@${slot}`, expiresAt: slot + SLOT_KEPT_MS };
}

function cronOf({ cron, timeZone }: Schedule): Cron {
  return new Cron(cron.trim(), {
    mode: '5-part',
    paused: true,
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  });
}
