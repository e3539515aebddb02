import { duration } from './format.ts';
import { inNumerals, t } from './l10n.ts';

/** What stands where nothing could be computed. */
export const NONE = '–';

/** "340 ms", "2.4 s", "4 min 5 s"; from milliseconds. */
export function time(ms: number | null): string {
  if (ms === null) return NONE;
  if (ms < 1000) return t('{0} ms', Math.round(ms));
  return ms < 9950
    ? t('{0} s', inNumerals(ms / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
    : duration(ms);
}

/** "71.3"; without ".0". */
export function decimal(value: number | null, digits = 1): string {
  return value === null ? NONE : inNumerals(Number(value.toFixed(digits)));
}

/** "67 %"; from a part of 1. */
export function percent(part: number | null): string {
  return part === null ? NONE : t('{0} %', Math.round(part * 100));
}

/** Two digits that say something, more for what is large; the currency is that of the price table. */
export function money(cost: number | null): string {
  if (cost === null) return NONE;
  return cost !== 0 && Math.abs(cost) < 0.1
    ? inNumerals(cost, { maximumSignificantDigits: 2 })
    : inNumerals(cost, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** A whole number as the reader writes it. */
export function whole(value: number): string {
  return inNumerals(value);
}
