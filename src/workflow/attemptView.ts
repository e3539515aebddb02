import type { StoredEvent } from './engine/events.ts';
import { PlanwrightError } from './errors.ts';
import { type RunView, replay } from './runState.ts';

/**
 * A run as it stood at the end of one of its attempts.
 * @param events the run's whole log
 * @throws PlanwrightError NOT_FOUND when it has no such attempt
 */
export function attemptView(events: readonly StoredEvent[], attempt: number): RunView {
  // What was asked for is in the log of the first attempt.
  const view = replay(events.filter((stored) => stored.attempt <= attempt));
  if (view?.attempt === attempt) return view;
  throw new PlanwrightError('NOT_FOUND', `The run has no attempt ${attempt}.`, {
    hint: `Its attempts are numbered from 1 to ${events.reduce((last, stored) => Math.max(last, stored.attempt), 1)}.`,
  });
}
