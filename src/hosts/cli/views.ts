import type { Store } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { durationHistory, estimateCompletion } from '../../workflow/estimate.ts';
import { type RunView, replay, statusOf } from '../../workflow/runState.ts';
import type { Status } from '../../workflow/schemas.ts';
import { settings } from './engine.ts';

/** A run as its events tell it. @throws PlanwrightError NOT_FOUND when it has none */
export function viewOf(store: Store, id: string): RunView {
  const view = replay(store.events(id, 0));
  if (view) return view;
  throw new PlanwrightError('NOT_FOUND', `The run ${id} has left no events.`);
}

/** Every run that has begun, newest first. */
export function allViews(store: Store): RunView[] {
  return store.listRuns().flatMap(({ id }) => replay(store.events(id, 0)) ?? []);
}

/** The number of the newest event of a run; 0 before the first. */
export function lastEvent(store: Store, id: string): number {
  return store.events(id, 0).at(-1)?.seq ?? 0;
}

/** The contract's status, with the estimate that the other runs of the workspace allow. */
export function statusIn(views: readonly RunView[], view: RunView): Status {
  const history = durationHistory(views.filter(({ runId }) => runId !== view.runId));
  return statusOf(view, estimateCompletion(view, history, Date.now(), settings.concurrency));
}
