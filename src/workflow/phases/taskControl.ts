import type { Decision, Gate } from '../engine/events.ts';
import type { Store } from '../engine/store.ts';
import { PlanwrightError } from '../errors.ts';
import { RETRY, SKIP, tryName } from './taskFailure.ts';

/** What a developer may do about one task while its run goes on, in this window or another. */

/**
 * Has the task stop, or not start. A gate asks then whether to try it again, or to go on without it.
 * @throws PlanwrightError NOT_FOUND | CONFLICT when there is nothing of it to stop
 */
export function cancelTask(store: Store, runId: string, taskId: string, by: string): void {
  const attempt = attemptOf(store, runId);
  if (gateOf(store, runId, attempt, taskId)) {
    throw new PlanwrightError('CONFLICT', `${taskId} has stopped already.`, {
      hint: 'Try it again, or go on without it.',
    });
  }
  for (let number = 1; ; number++) {
    const name = `implementation/${taskId}/${tryName(number)}`;
    const tried = store.step(runId, attempt, name)?.result as { readonly outcome: string } | undefined;
    if (tried?.outcome === 'done')
      throw new PlanwrightError('CONFLICT', `${taskId} is done: reject its edits instead.`);
    if (tried) continue;
    store.callOff(runId, attempt, name, by, { type: 'task.cancelled', taskId, by });
    return;
  }
}

/** @throws PlanwrightError NOT_FOUND | CONFLICT when the task does not wait for that */
export function retryTask(store: Store, runId: string, taskId: string, by: string): void {
  decide(store, runId, taskId, { choice: RETRY, by });
}

/** Goes on without the task and what depends on it. @throws as {@link retryTask} */
export function skipTask(store: Store, runId: string, taskId: string, by: string): void {
  decide(store, runId, taskId, { choice: SKIP, by });
}

function decide(store: Store, runId: string, taskId: string, decision: Decision): void {
  const attempt = attemptOf(store, runId);
  const gate = gateOf(store, runId, attempt, taskId);
  if (gate && store.recordDecision(runId, attempt, gate.id, decision)) return;
  throw new PlanwrightError('CONFLICT', `${taskId} does not wait for a decision.`, {
    hint: 'Only a task that failed or was cancelled can be tried again or left out.',
  });
}

function gateOf(store: Store, runId: string, attempt: number, taskId: string): Gate | undefined {
  return store.openGates(runId, attempt).find((gate) => gate.kind === 'task-failed' && gate.taskId === taskId);
}

function attemptOf(store: Store, runId: string): number {
  const run = store.getRun(runId);
  if (run) return run.attempt;
  throw new PlanwrightError('NOT_FOUND', `There is no run ${runId} in this workspace.`);
}
