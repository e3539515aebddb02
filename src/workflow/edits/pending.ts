import type { Hunk, HunkDecision } from '../schemas.ts';
import { textHash } from './hash.ts';
import { applyPatches, linesIn, type Patch } from './hunks.ts';
import { splitLines } from './lines.ts';
import type { ReviewState } from './reviewState.ts';

/** A pending hunk, and the lines that the right side has for it. */
export interface OpenPatch extends Patch {
  readonly hunk: Hunk;
}

/** The pending hunks in the order of the file, those in conflict too. */
export function openPatches(state: ReviewState): OpenPatch[] {
  const lines = splitLines(state.text);
  return state.hunks
    .filter(({ decision }) => decision === 'pending')
    .map((hunk) => ({ hunk, baseRange: hunk.baseRange, lines: linesIn(lines, hunk.newRange) }))
    .sort((a, b) => a.baseRange.start - b.baseRange.start);
}

/** The state over `base` with just these patches pending; `decided` says what became of the others. */
export function rebuild(
  state: ReviewState,
  base: string,
  patches: readonly OpenPatch[],
  decided: Readonly<Record<string, HunkDecision>>,
): ReviewState {
  const { lines, ranges } = applyPatches(splitLines(base), patches);
  const placed = new Map(
    patches.map(({ hunk, baseRange }, index) => [hunk.id, { baseRange, newRange: ranges[index] }]),
  );
  const hunks = state.hunks.map((hunk): Hunk => {
    const decision = decided[hunk.id];
    if (decision) return { ...hunk, decision };
    const place = placed.get(hunk.id);
    return place?.newRange ? { ...hunk, baseRange: place.baseRange, newRange: place.newRange } : hunk;
  });
  return {
    ...state,
    base: { hash: textHash(base), text: base },
    text: lines.join(''),
    hunks,
    conflicts: state.conflicts.filter(({ hunkId }) => !decided[hunkId]),
    version: state.version + 1,
  };
}

/** Is the hunk the move of a renamed file, which has no lines? */
export function isMove(state: ReviewState, hunkId: string): boolean {
  return state.action === 'rename' && state.hunks[0]?.id === hunkId;
}
