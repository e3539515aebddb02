import { inNumerals, t } from './l10n.ts';

/** "7 s", "4 min 5 s", "2 h 3 min"; from milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return t('{0} s', seconds);
  if (minutes < 60) return seconds % 60 === 0 ? t('{0} min', minutes) : t('{0} min {1} s', minutes, seconds % 60);
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? t('{0} h', hours) : t('{0} h {1} min', hours, minutes % 60);
}

/** "950", "12.3k", "4.1M". */
export function count(value: number): string {
  if (value < 1000) return inNumerals(value);
  const [scaled, unit] = value < 999_950 ? [value / 1000, 'k'] : [value / 1_000_000, 'M'];
  return `${inNumerals(scaled, { maximumFractionDigits: scaled < 99.95 ? 1 : 0 })}${unit}`;
}

/** The time of day, in the reader's own way of writing it. */
export function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
