import type { Store } from '../workflow/engine/store.ts';
import { type DurationHistory, durationHistory } from '../workflow/estimate.ts';
import type { RunFeed } from './runFeed.ts';

/** How many runs say how long things take here: reading them all would keep the first answer waiting. */
const HISTORY_RUNS = 100;

/** The durations of the newest runs but one, collected anew when one of those others has gone on. */
export function historyOfOthers(store: Store, feed: RunFeed): (runId: string) => DurationHistory {
  const known = new Map<string, DurationHistory>();
  feed.onChange(({ runId }) => {
    for (const id of known.keys()) if (id !== runId) known.delete(id);
  });
  const collect = (runId: string): DurationHistory => {
    const others = store.runIds().filter((id) => id !== runId);
    return durationHistory(others.slice(0, HISTORY_RUNS).flatMap((id) => feed.view(id) ?? []));
  };
  return (runId) => {
    const history = known.get(runId) ?? collect(runId);
    known.set(runId, history);
    return history;
  };
}
