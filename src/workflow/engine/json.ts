import type { SQLInputValue } from 'node:sqlite';

/** A value as its column keeps it. */
export function json(value: unknown): string {
  return JSON.stringify(value);
}

/** A column's value. */
export function parse(value: SQLInputValue | undefined): unknown {
  return JSON.parse(String(value));
}
