import type { LineRange } from '../schemas.ts';
import { endOf, type Patch, type RawHunk } from './hunks.ts';

/** Patches of a base and changes of the same base that share or touch each other's lines; one of them may be none. */
export interface Region<P extends Patch> {
  readonly patches: readonly P[];
  readonly changes: readonly RawHunk[];
  /** The lines of the base that they span. */
  readonly base: LineRange;
  /** What those lines are once the changes are made. */
  readonly now: LineRange;
}

/**
 * Both sides of a three-way merge, side by side, in the order of the base. Changes without a line between them
 * count as the same place, as they do for Git: which of two neighbours comes first is for a person to say.
 * @param patches in order, not overlapping
 * @param changes in order, with at least one line between any two
 */
export function regionsOf<P extends Patch>(patches: readonly P[], changes: readonly RawHunk[]): Region<P>[] {
  const regions: Region<P>[] = [];
  let grown = 0;
  let patch = 0;
  let change = 0;
  while (patch < patches.length || change < changes.length) {
    const [firstPatch, firstChange] = [patch, change];
    let [patchEnd, changeEnd] = [-1, -1];
    let start = Number.POSITIVE_INFINITY;
    for (;;) {
      const nextPatch = patches[patch]?.baseRange;
      const nextChange = changes[change]?.baseRange;
      const empty = patch === firstPatch && change === firstChange;
      if (nextChange && !(nextPatch && nextPatch.start < nextChange.start)) {
        if (!empty && nextChange.start > patchEnd) break;
        start = Math.min(start, nextChange.start);
        changeEnd = endOf(nextChange);
        change++;
      } else if (nextPatch) {
        if (!empty && nextPatch.start > changeEnd) break;
        start = Math.min(start, nextPatch.start);
        patchEnd = endOf(nextPatch);
        patch++;
      } else break;
    }
    const mine = patches.slice(firstPatch, patch);
    const theirs = changes.slice(firstChange, change);
    const growth = theirs.reduce((sum, { baseRange, newRange }) => sum + newRange.count - baseRange.count, 0);
    const count = Math.max(patchEnd, changeEnd) - start;
    regions.push({
      patches: mine,
      changes: theirs,
      base: { start, count },
      now: { start: start + grown, count: count + growth },
    });
    grown += growth;
  }
  return regions;
}
