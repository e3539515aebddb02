import type { Effect } from './overlay.ts';
import type { ProposalBook } from './proposalBook.ts';
import { rebaseInSlices } from './rebase.ts';
import { isSettled } from './review.ts';
import type { ReviewState } from './reviewState.ts';

/** Whose files: those of a task that builds on others. */
export interface TaskPlace {
  readonly runId: string;
  readonly attempt: number;
  /** The tasks it builds on, in dependency order. */
  readonly ancestors: readonly string[];
}

/** What differs from the disk for a task at work: the pending proposals it builds on, and its own changes. */
export async function filesOfTask(
  book: ProposalBook,
  { runId, attempt, ancestors }: TaskPlace,
  changes: readonly Effect[],
): Promise<Map<string, string | null>> {
  const files = new Map<string, string | null>();
  for (const state of inOrder(book.list(runId, attempt), ancestors)) {
    if (isSettled(state)) continue;
    for (const path of pathsOf(state)) {
      if (!files.has(path)) files.set(path, (await book.read(runId, attempt, ancestors, path))?.text ?? null);
    }
  }
  for (const { path, from, baseText, text } of changes) {
    if (from !== undefined) files.set(from, null);
    const below = files.get(path);
    // What lies below may have been changed since the agent read it, and what it read may be one proposal of several.
    const isOther = typeof below === 'string' && baseText !== null && text !== null && below !== baseText;
    files.set(path, isOther ? (await rebaseInSlices({ base: baseText, text, onto: below })).text : text);
  }
  return files;
}

/**
 * The files that a task and those it builds on have touched as they were before the run, also where a change was
 * accepted meanwhile; null for one that was not there.
 */
export function filesBefore(
  book: ProposalBook,
  { runId, attempt, ancestors }: TaskPlace,
  changes: readonly Effect[],
): Map<string, string | null> {
  const files = new Map<string, string | null>();
  const keep = (path: string, text: string | null) => {
    if (!files.has(path)) files.set(path, text);
  };
  for (const { path, from, action, base } of inOrder(book.asMade(runId, attempt), ancestors)) {
    const moved = action === 'rename' && from !== undefined;
    keep(moved ? from : path, base.hash === 'absent' ? null : base.text);
    if (moved) keep(path, null);
  }
  for (const { path, from, action, baseText } of changes) {
    const moved = action === 'rename' && from !== undefined;
    keep(moved ? from : path, baseText);
    if (moved) keep(path, null);
  }
  return files;
}

function inOrder(states: readonly ReviewState[], taskIds: readonly string[]): ReviewState[] {
  return taskIds.flatMap((id) => states.filter(({ taskId }) => taskId === id));
}

function pathsOf({ path, from }: ReviewState): string[] {
  return from === undefined ? [path] : [from, path];
}
