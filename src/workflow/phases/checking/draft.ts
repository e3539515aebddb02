import type { TaskReport } from '../../agents/drafts.ts';
import type { Conversation } from '../../agents/structured.ts';
import type { FileStates } from '../../checks/checks.ts';
import type { Effect, Overlay } from '../../edits/overlay.ts';
import { isSettled } from '../../edits/review.ts';
import { filesOfTask } from '../../edits/taskFiles.ts';
import type { CheckOf } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import type { WorkflowPorts } from '../context.ts';
import type { TaskWork } from '../task.ts';

/** Edits whose agent has reported, before anybody sees them. */
export interface Draft {
  readonly run: Run;
  readonly work: TaskWork;
  readonly overlay: Overlay;
  readonly conversation: Conversation<TaskReport>;
  readonly report: TaskReport;
  /** The tasks whose pending proposals the edits lie on, in dependency order. */
  readonly standsOn: readonly string[];
  /** Which edits of the task they are, when not those of its first try. */
  readonly of: CheckOf;
}

/** Whose pending proposals count as files. */
export function placeOf({ id, attempt }: Run, taskIds: readonly string[]) {
  return { runId: id, attempt, ancestors: taskIds };
}

/** What differs from the disk with the edits: the pending proposals they lie on, and they. */
export function filesWith({ run, standsOn, overlay }: Draft, { proposals }: WorkflowPorts): Promise<FileStates> {
  return filesOfTask(proposals, placeOf(run, standsOn), overlay.changes());
}

/** What differs from the disk without anything of the task. */
export function filesWithout({ run, work }: Draft, { proposals }: WorkflowPorts): Promise<FileStates> {
  return filesOfTask(proposals, placeOf(run, work.ancestors), []);
}

/** Where files that the task moves are without it, by where they are with it. */
export function movesOf({ run, work, overlay }: Draft, { proposals }: WorkflowPorts): Map<string, string> {
  const pending = proposals
    .list(run.id, run.attempt)
    .filter((state) => state.taskId === work.task.id && !isSettled(state));
  const moves = [...pending, ...overlay.changes()];
  return new Map(moves.flatMap(({ path, from }) => (from === undefined ? [] : [[path, from] as const])));
}

/** What a check of these changes depends on, as far as the journal knows it. */
export function textsOf(changes: readonly Effect[]) {
  return changes.map(({ path, from = null, text }) => ({ path, from, text }));
}
