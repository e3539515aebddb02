import { diffArrays } from 'diff';
import type { LineRange } from '../schemas.ts';
import { splitLines } from './lines.ts';

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

/** The smallest line ranges that differ, in order; ranges that touch are one. */
export function diffHunks(base: string, text: string): RawHunk[] {
  if (base === text) return [];
  return diffLineArrays(splitLines(base), splitLines(text));
}

export function diffLineArrays(base: readonly string[], text: readonly string[]): RawHunk[] {
  const head = commonPrefix(base, text);
  const tail = commonSuffix(base, text, head);
  const hunks: RawHunk[] = [];
  let baseLine = head;
  let newLine = head;
  let open: { base: number; text: number } | undefined;
  const close = () => {
    if (!open) return;
    hunks.push({
      baseRange: { start: open.base, count: baseLine - open.base },
      newRange: { start: open.text, count: newLine - open.text },
    });
    open = undefined;
  };
  for (const part of diffArrays(base.slice(head, base.length - tail), text.slice(head, text.length - tail))) {
    if (!part.added && !part.removed) {
      close();
      baseLine += part.value.length;
      newLine += part.value.length;
      continue;
    }
    open ??= { base: baseLine, text: newLine };
    if (part.removed) baseLine += part.value.length;
    else newLine += part.value.length;
  }
  close();
  return hunks;
}

/** The base with the patches in place, and where each one's lines are then. Patches must not overlap. */
export function applyPatches(
  base: readonly string[],
  patches: readonly Patch[],
): { lines: string[]; ranges: LineRange[] } {
  const order = patches.map((_, index) => index).sort((a, b) => startOf(patches[a]) - startOf(patches[b]) || a - b);
  const lines: string[] = [];
  const ranges: LineRange[] = new Array(patches.length);
  let next = 0;
  for (const index of order) {
    const patch = patches[index];
    if (!patch) continue;
    for (; next < patch.baseRange.start; next++) lines.push(base[next] ?? '');
    ranges[index] = { start: lines.length, count: patch.lines.length };
    for (const line of patch.lines) lines.push(line);
    next = Math.max(next, patch.baseRange.start + patch.baseRange.count);
  }
  for (; next < base.length; next++) lines.push(base[next] ?? '');
  return { lines, ranges };
}

/** The base with some of the hunks of `text` applied. None gives the base, all give the text. */
export function applyHunks(base: string, text: string, hunks: readonly RawHunk[]): string {
  const newLines = splitLines(text);
  const patches = hunks.map(({ baseRange, newRange }) => ({
    baseRange,
    lines: newLines.slice(newRange.start, newRange.start + newRange.count),
  }));
  return applyPatches(splitLines(base), patches).lines.join('');
}

function startOf(patch: Patch | undefined): number {
  return patch?.baseRange.start ?? 0;
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  const limit = Math.min(a.length, b.length);
  let count = 0;
  while (count < limit && a[count] === b[count]) count++;
  return count;
}

function commonSuffix(a: readonly string[], b: readonly string[], head: number): number {
  const limit = Math.min(a.length, b.length) - head;
  let count = 0;
  while (count < limit && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}
