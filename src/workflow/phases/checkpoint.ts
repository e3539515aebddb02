import { z } from 'zod';
import type { RunEvent } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import type { Store } from '../engine/store.ts';
import { type ErrorInfo, errorInfo } from '../errors.ts';
import type { Checkpoint, Checkpoints } from '../ports.ts';
import type { WorkflowPorts } from './context.ts';

/** Checkpoints of the working tree: one after each phase and one before the first accepted edit of a run. */

const madeSchema = z.custom<RunEvent | null>();

/** Keeps the working tree as it is now; that it could not be is said, and ends nothing. `run` is the phase's own. */
export async function checkpoint(run: Run, reason: string, { checkpoints }: WorkflowPorts): Promise<void> {
  if (!checkpoints) return;
  const event = await run.step('checkpoint', madeSchema, () => eventOf(checkpoints, run.id, reason));
  if (event) run.emit(event);
}

/** For `ProposalBook`: makes the checkpoint that brings back what was there before Planwright wrote anything. */
export function beforeFirstWrite(store: Store, checkpoints: Checkpoints) {
  const made = new Set<string>();
  return async (runId: string, attempt: number): Promise<void> => {
    if (made.has(runId)) return;
    made.add(runId);
    const isBefore = store.events(runId, 0).some(({ event }) => 'reason' in event && event.reason === FIRST_WRITE);
    const event = isBefore ? null : await eventOf(checkpoints, runId, FIRST_WRITE);
    if (event) store.appendEvent(runId, attempt, event, `checkpoint:${FIRST_WRITE}`);
  };
}

/** Says in the log that a checkpoint was made outside the workflow. */
export function recordCheckpoint(store: Store, runId: string, made: Checkpoint): void {
  const attempt = store.getRun(runId)?.attempt ?? 1;
  store.appendEvent(runId, attempt, { type: 'checkpoint.created', ...made }, `checkpoint:${made.ref}`);
}

/** Says in the log what was brought back. */
export function recordRestore(
  store: Store,
  runId: string,
  { id }: Checkpoint,
  { paths, failed }: Omit<Extract<RunEvent, { type: 'checkpoint.restored' }>, 'type' | 'id'>,
): void {
  const attempt = store.getRun(runId)?.attempt ?? 1;
  const count = store.events(runId, 0).filter(({ event }) => event.type === 'checkpoint.restored').length;
  store.appendEvent(runId, attempt, { type: 'checkpoint.restored', id, paths, failed }, `restored:${count + 1}`);
}

const FIRST_WRITE = 'before the first accepted edit';

async function eventOf(checkpoints: Checkpoints, runId: string, reason: string): Promise<RunEvent | null> {
  try {
    const made = await checkpoints.make(runId, reason);
    return made && { type: 'checkpoint.created', ...made };
  } catch (error) {
    const info: ErrorInfo = errorInfo(error);
    return { type: 'checkpoint.failed', reason, error: info };
  }
}
