import type { Hunk, LineRange } from '../schemas.ts';
import { endOf, type RawHunk } from './hunks.ts';
import { splitLines } from './lines.ts';
import { overlaps } from './newHunks.ts';
import { isMove } from './pending.ts';
import type { ReviewState } from './reviewState.ts';

/** What a hunk without a predecessor is for. */
export interface Origin {
  readonly requirementIds: readonly string[];
  readonly why: string;
}

/**
 * The hunks of a proposal whose right side was written anew: a difference that touches a pending hunk is that hunk,
 * the others are new, and a pending hunk that no difference touches is superseded. A hunk in conflict stays as it is
 * unless its own lines were written.
 * @param raw the differences between the base and the new text
 */
export function keepIds(
  state: ReviewState,
  raw: readonly RawHunk[],
  origin: Origin,
): { hunks: Hunk[]; settled: ReadonlySet<string> } {
  const inConflict = new Set(state.conflicts.map(({ hunkId }) => hunkId));
  const open = state.hunks
    .filter(({ id, decision }) => decision === 'pending' && !isMove(state, id))
    .sort((a, b) => a.baseRange.start - b.baseRange.start);
  const lineCount = inConflict.size > 0 ? splitLines(state.base.text).length : 0;
  const settled = new Set<string>();
  const kept = new Map<string, Hunk>();
  const written: Hunk[] = [];
  let count = state.hunks.length;
  let from = 0;
  for (const ranges of raw) {
    let known: Hunk | undefined;
    while (from < open.length && endOf(open[from]!.baseRange) < ranges.baseRange.start) from++;
    for (let index = from; index < open.length; index++) {
      const hunk = open[index]!;
      if (hunk.baseRange.start > endOf(ranges.baseRange)) break;
      if (inConflict.has(hunk.id)) {
        // A conflict is over only when its own lines are written. At the end of the file what is written beside it
        // counts too: either could be a last line without a line end, which nothing can follow.
        if (endOf(hunk.baseRange) < lineCount && !sharesLines(hunk.baseRange, ranges.baseRange)) continue;
        settled.add(hunk.id);
      }
      if (!kept.has(hunk.id)) known ??= hunk;
    }
    const hunk = known ? { ...known, ...ranges } : newHunk(`${state.id}.${++count}`, ranges, origin);
    kept.set(hunk.id, hunk);
    written.push(hunk);
  }
  const conflicting = open.filter(({ id }) => inConflict.has(id) && !settled.has(id));
  return { hunks: listed(state, placed(written, conflicting)), settled };
}

/** The pending hunks in order; those still in conflict moved to where their lines are in the new text. */
function placed(written: readonly Hunk[], conflicting: readonly Hunk[]): Hunk[] {
  const conflicts = new Set(conflicting);
  const inOrder = [...written, ...conflicting].sort(
    (a, b) => a.baseRange.start - b.baseRange.start || endOf(a.baseRange) - endOf(b.baseRange),
  );
  let grown = 0;
  return inOrder.map((hunk) => {
    const { baseRange, newRange } = hunk;
    if (conflicts.has(hunk)) return { ...hunk, newRange: { start: baseRange.start + grown, count: baseRange.count } };
    grown += newRange.count - baseRange.count;
    return hunk;
  });
}

/** All hunks of the state: each where it was in the list, and new ones before the pending one they precede. */
function listed(state: ReviewState, pending: readonly Hunk[]): Hunk[] {
  const places = new Map(pending.map(({ id }, index) => [id, index]));
  const hunks: Hunk[] = [];
  let next = 0;
  for (const hunk of state.hunks) {
    const place = places.get(hunk.id);
    if (place !== undefined) {
      while (next <= place) hunks.push(pending[next++]!);
    } else if (hunk.decision === 'pending' && !isMove(state, hunk.id)) {
      hunks.push({ ...hunk, decision: 'superseded' });
    } else {
      hunks.push(hunk);
    }
  }
  return [...hunks, ...pending.slice(next)];
}

function newHunk(id: string, ranges: RawHunk, { requirementIds, why }: Origin): Hunk {
  return { id, ...ranges, requirementIds: [...requirementIds], why, decision: 'pending' };
}

function sharesLines(a: LineRange, b: LineRange): boolean {
  const samePlace = a.count === 0 && b.count === 0 && a.start === b.start;
  return samePlace || overlaps(a, b);
}
