import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../workflow/ports.ts';

/** The machine's own time and chance. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(ms, undefined, signal ? { signal } : {}),
  random: () => Math.random(),
};
