import { hash } from 'node:crypto';

/** SHA-256, in hex, of a value's JSON with its keys sorted; `undefined` counts as absent. */
export function hashOf(value: unknown): string {
  return hash('sha256', JSON.stringify(value ?? null, sortedKeys));
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
