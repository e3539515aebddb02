import { duration } from '../format.ts';

/** What stands where nothing could be computed. */
export const NONE = '–';

/** "340 ms", "2.4 s", "4 min 5 s"; from milliseconds. */
export function time(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}

/** "71.3"; without ".0". */
export function decimal(value: number | null, digits = 1): string {
  return value === null ? NONE : String(Number(value.toFixed(digits)));
}

/** "67 %"; from a part of 1. */
export function percent(part: number | null): string {
  return part === null ? NONE : `${Math.round(part * 100)} %`;
}

/** Two digits that say something, more for what is large; the currency is that of the price table. */
export function money(cost: number | null): string {
  if (cost === null) return NONE;
  return cost !== 0 && Math.abs(cost) < 0.1 ? String(Number(cost.toPrecision(2))) : cost.toFixed(2);
}

/** A whole number as the reader writes it. */
export function whole(value: number): string {
  return value.toLocaleString();
}
