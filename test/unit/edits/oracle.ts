import assert from 'node:assert/strict';
import type { RawHunk } from '../../../src/workflow/edits/hunks.ts';
import type { ReviewState } from '../../../src/workflow/edits/reviewState.ts';

/** Lines by another way than the code under test. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The base with these hunks of `text`, put in from the last to the first. */
export function splice(base: string, text: string, hunks: readonly RawHunk[]): string {
  const lines = linesOf(base);
  const news = linesOf(text);
  for (const { baseRange, newRange } of [...hunks].reverse())
    lines.splice(baseRange.start, baseRange.count, ...news.slice(newRange.start, newRange.start + newRange.count));
  return lines.join('');
}

/** The length of the longest common subsequence, by the textbook table. */
export function commonCount(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [index, other] of b.entries())
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

export function pendingIds(state: ReviewState): string[] {
  return state.hunks.filter(({ decision }) => decision === 'pending').map(({ id }) => id);
}

/**
 * What must hold of every state: the pending hunks are in order and do not overlap, their ranges lead from the base
 * to the text and nothing else differs, and where a hunk is in conflict both sides have the file's lines.
 */
export function checkState(state: ReviewState): void {
  const base = linesOf(state.base.text);
  const text = linesOf(state.text);
  const conflicts = new Map(state.conflicts.map((conflict) => [conflict.hunkId, conflict]));
  const ids = state.hunks.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  const pending = pendingIds(state);
  for (const id of conflicts.keys()) assert.ok(pending.includes(id), 'a conflict is of a pending hunk');
  let [baseLine, newLine] = [0, 0];
  for (const { id, decision, baseRange, newRange } of state.hunks) {
    if (decision !== 'pending') continue;
    const same = baseRange.start - baseLine;
    assert.ok(same >= 0, 'hunks are in order');
    assert.deepEqual(text.slice(newLine, newRange.start), base.slice(baseLine, baseRange.start));
    assert.equal(newRange.start - newLine, same);
    baseLine = baseRange.start + baseRange.count;
    newLine = newRange.start + newRange.count;
    const conflict = conflicts.get(id);
    if (!conflict) continue;
    assert.equal(base.slice(baseRange.start, baseLine).join(''), conflict.current);
    assert.equal(text.slice(newRange.start, newLine).join(''), conflict.current);
    assert.notEqual(conflict.proposed, conflict.current);
  }
  assert.deepEqual(text.slice(newLine), base.slice(baseLine));
}
