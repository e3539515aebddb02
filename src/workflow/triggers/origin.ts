import type { OwnWrite, OwnWrites } from '../engine/ownWrites.ts';
import type { Occurrence } from './occurrence.ts';

/**
 * Loop protection: what Planwright did never triggers Planwright. Three things are looked at, in this order.
 *
 * 1. Content: a file that has just the text Planwright wrote to it is Planwright's own, whenever that was.
 * 2. Echo: whatever happens to a file moments after Planwright wrote it, as a formatter, belongs to that write.
 * 3. Chain: what follows from what a triggered run wrote without a developer in between counts one further than
 *    that run, and only the first counts.
 */

/** A change of a file so soon after Planwright's own is an echo of it, in milliseconds. */
export const ECHO_MS = 30_000;

/** For so long a change of a file that a trigger accepted by itself counts as following from it, in milliseconds. */
export const CHAIN_MS = 3_600_000;

/** A run that a trigger starts has this depth at most; one the developer starts has 0. */
export const MAX_DEPTH = 1;

export type Origin =
  /** Planwright did it. */
  | { readonly own: true; readonly reason: string }
  /** Somebody else did; a run that it starts has this depth. */
  | { readonly own: false; readonly depth: number };

/**
 * Who did what happened.
 * @param changedByOthers when somebody else last changed a file that was looked at, in milliseconds since the epoch
 */
export function originOf(occurrence: Occurrence, writes: OwnWrites, changedByOthers: number, now: number): Origin {
  switch (occurrence.kind) {
    case 'file-saved':
      return originOfSave(occurrence, writes, now);
    case 'branch': {
      if (writes.madeBranch(occurrence.branch)) return { own: true, reason: 'Planwright made this branch' };
      // A hook may make branches of what a run commits.
      const last = writes.last();
      return { own: false, depth: last && now - last.at < ECHO_MS ? last.depth + 1 : 1 };
    }
    case 'diagnostics':
    case 'task-failed': {
      // They say nothing of who caused them: the last one to change anything did.
      const last = writes.last();
      return { own: false, depth: last && last.at >= changedByOthers ? last.depth + 1 : 1 };
    }
  }
}

/** Does this text of a file come from somebody else, and not from what Planwright wrote to it, as a formatter's would? */
export function isByOthers(path: string, hash: string, writes: OwnWrites, now: number): boolean {
  const origin = originOfSave({ kind: 'file-saved', path, hash }, writes, now);
  return !origin.own && origin.depth <= MAX_DEPTH;
}

function originOfSave(
  { path, hash }: Extract<Occurrence, { kind: 'file-saved' }>,
  writes: OwnWrites,
  now: number,
): Origin {
  if (hash !== null && writes.same(path, hash)) return { own: true, reason: `Planwright wrote this ${path}` };
  const last: OwnWrite | undefined = writes.lastOf(path);
  if (last && now - last.at < ECHO_MS) return { own: true, reason: `Planwright wrote ${path} a moment before` };
  const follows = last?.unattended === true && now - last.at < CHAIN_MS;
  return { own: false, depth: follows ? last.depth + 1 : 1 };
}
