import type { LineRange } from '../schemas.ts';
import { changedLines } from './lineDiff.ts';
import { splitLines } from './lines.ts';
import type { Marks } from './myers.ts';

/** Lines of a base that are replaced by others. */
export interface RawHunk {
  readonly baseRange: LineRange;
  readonly newRange: LineRange;
}

/** Lines put in the place of a range of a base. */
export interface Patch {
  readonly baseRange: LineRange;
  readonly lines: readonly string[];
}

/** The line ranges that differ, in order; ranges that touch are one, so an unchanged line is between any two. */
export function diffHunks(base: string, text: string): RawHunk[] {
  if (base === text) return [];
  return diffLineArrays(splitLines(base), splitLines(text));
}

export function diffLineArrays(base: readonly string[], text: readonly string[]): RawHunk[] {
  return hunksOf(changedLines(base, text));
}

/** The runs of changed lines. */
export function hunksOf({ removed, added }: Marks): RawHunk[] {
  const hunks: RawHunk[] = [];
  let baseLine = 0;
  let newLine = 0;
  while (baseLine < removed.length || newLine < added.length) {
    const [baseStart, newStart] = [baseLine, newLine];
    while (removed[baseLine] === 1) baseLine++;
    while (added[newLine] === 1) newLine++;
    if (baseLine > baseStart || newLine > newStart) {
      hunks.push({
        baseRange: { start: baseStart, count: baseLine - baseStart },
        newRange: { start: newStart, count: newLine - newStart },
      });
    }
    baseLine++;
    newLine++;
  }
  return hunks;
}

/** Hunks between `base` and these lines, with the lines they bring. */
export function patchesOf(lines: readonly string[], hunks: readonly RawHunk[]): Patch[] {
  return hunks.map(({ baseRange, newRange }) => ({ baseRange, lines: linesIn(lines, newRange) }));
}

/**
 * The base with the patches in place, and where each one's lines are then. Patches must not overlap; of two at
 * the same line the first in the list comes first.
 */
export function applyPatches(
  base: readonly string[],
  patches: readonly Patch[],
): { lines: string[]; ranges: LineRange[] } {
  const order = patches.map((patch, index) => ({ patch, index }));
  order.sort((a, b) => a.patch.baseRange.start - b.patch.baseRange.start || a.index - b.index);
  const lines: string[] = [];
  const ranges: LineRange[] = new Array(patches.length);
  let next = 0;
  for (const { patch, index } of order) {
    for (; next < patch.baseRange.start; next++) lines.push(base[next] ?? '');
    ranges[index] = { start: lines.length, count: patch.lines.length };
    for (const line of patch.lines) lines.push(line);
    next = Math.max(next, endOf(patch.baseRange));
  }
  for (; next < base.length; next++) lines.push(base[next] ?? '');
  return { lines, ranges };
}

/** The base with some of the hunks of `text` applied. None gives the base, all give the text. */
export function applyHunks(base: string, text: string, hunks: readonly RawHunk[]): string {
  return applyPatches(splitLines(base), patchesOf(splitLines(text), hunks)).lines.join('');
}

export function linesIn(lines: readonly string[], { start, count }: LineRange): string[] {
  return lines.slice(start, start + count);
}

/** The first line after a range. */
export function endOf({ start, count }: LineRange): number {
  return start + count;
}
