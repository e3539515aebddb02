import type { Store } from './store.ts';

const DAY_MS = 86_400_000;
const ended = new Set(['completed', 'failed', 'cancelled']);

/**
 * Removes ended runs that nothing has happened in for `keepDays` days, with all their artefacts. 0 keeps
 * everything.
 * @returns what was removed, for whoever tells the developer
 */
export function prune(store: Store, keepDays: number, now: number): readonly { id: string; request: string }[] {
  if (keepDays <= 0) return [];
  const old = store
    .listRuns()
    .filter(({ id, status }) => ended.has(status) && store.lastEventAt(id) < now - keepDays * DAY_MS);
  for (const { id } of old) store.deleteRun(id);
  return old.map(({ id, input }) => ({ id, request: input.request }));
}
