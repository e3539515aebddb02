import { Anchors } from './anchors.ts';
import { type Marks, Myers, type Span } from './myers.ts';
import { slideRuns } from './slide.ts';

/** A span, and whether it may still be cut at anchors. */
interface Part extends Span {
  readonly cuts: number;
}

/** Cutting at anchors stops after so many cuts inside cuts: odd texts could else make it quadratic. */
const MAX_CUTS = 24;
const LINES_A_STEP = 8192;

/**
 * The lines of `a` that are not in `b`, and the other way round.
 *
 * A line that only one side has is changed for certain and is set aside. What is left is searched for the fewest
 * changes; where that takes too many, it is cut at lines that are once in either side, and each piece searched
 * again. So the result is minimal for up to 512 changes of lines that occur elsewhere too, and the time stays
 * about linear in the number of lines.
 */
export function changedLines(a: readonly string[], b: readonly string[]): Marks {
  const steps = changedLinesSteps(a, b);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As {@link changedLines}, in steps of a few milliseconds between which the caller may do something else. */
export function* changedLinesSteps(a: readonly string[], b: readonly string[]): Generator<undefined, Marks> {
  const marks = { removed: new Uint8Array(a.length), added: new Uint8Array(b.length) };
  const head = commonPrefix(a, b);
  const tail = commonSuffix(a, b, head);
  const numbers = new Map<string, number>();
  const left = yield* numbered(a, head, a.length - tail, numbers);
  const right = yield* numbered(b, head, b.length - tail, numbers);
  const kept = {
    a: keepShared(left, right, numbers.size, head, marks.removed),
    b: keepShared(right, left, numbers.size, head, marks.added),
  };
  const found = { removed: new Uint8Array(kept.a.ids.length), added: new Uint8Array(kept.b.ids.length) };
  yield* align(kept.a.ids, kept.b.ids, numbers.size, found);
  for (const [index, line] of kept.a.places.entries()) if (found.removed[index] === 1) marks.removed[line] = 1;
  for (const [index, line] of kept.b.places.entries()) if (found.added[index] === 1) marks.added[line] = 1;
  yield;
  slideRuns(a, marks.removed, b, marks.added);
  yield;
  slideRuns(b, marks.added, a, marks.removed);
  return marks;
}

function* align(a: Int32Array, b: Int32Array, kinds: number, marks: Marks): Generator<undefined, void> {
  const myers = new Myers(a, b);
  let anchors: Anchors | undefined;
  const parts: Part[] = [{ aStart: 0, aEnd: a.length, bStart: 0, bEnd: b.length, cuts: 0 }];
  for (let part = parts.pop(); part; part = parts.pop()) {
    yield;
    const span = trimmed(a, b, part);
    if (span.aStart === span.aEnd || span.bStart === span.bEnd) {
      marks.removed.fill(1, span.aStart, span.aEnd);
      marks.added.fill(1, span.bStart, span.bEnd);
      continue;
    }
    const search = myers.search(span);
    if (!search.complete && part.cuts < MAX_CUTS) {
      anchors ??= new Anchors(a, b, kinds);
      let { aStart, bStart } = span;
      const cuts = anchors.of(span);
      for (const anchor of cuts) {
        parts.push({ aStart, aEnd: anchor.a, bStart, bEnd: anchor.b, cuts: part.cuts + 1 });
        aStart = anchor.a + 1;
        bStart = anchor.b + 1;
      }
      if (cuts.length > 0) {
        parts.push({ aStart, aEnd: span.aEnd, bStart, bEnd: span.bEnd, cuts: part.cuts + 1 });
        continue;
      }
    }
    const end = myers.mark(span, search, marks);
    if (search.complete) continue;
    // Too different and nothing to cut at: what was reached is kept, good if not the best, and the rest goes on from there.
    parts.push({
      aStart: span.aStart + end.x,
      aEnd: span.aEnd,
      bStart: span.bStart + end.y,
      bEnd: span.bEnd,
      cuts: MAX_CUTS,
    });
  }
}

/** Equal lines get equal numbers, so that they are compared in one step. */
function* numbered(
  lines: readonly string[],
  start: number,
  end: number,
  numbers: Map<string, number>,
): Generator<undefined, Int32Array> {
  const ids = new Int32Array(Math.max(0, end - start));
  for (let index = start; index < end; index++) {
    if (index % LINES_A_STEP === 0) yield;
    const line = lines[index] ?? '';
    let id = numbers.get(line);
    if (id === undefined) {
      id = numbers.size;
      numbers.set(line, id);
    }
    ids[index - start] = id;
  }
  return ids;
}

/** The lines that the other side has as well, and where they are; the others are marked as changed. */
function keepShared(
  ids: Int32Array,
  others: Int32Array,
  kinds: number,
  offset: number,
  changed: Uint8Array,
): { ids: Int32Array; places: Int32Array } {
  const there = new Uint8Array(kinds);
  for (const id of others) there[id] = 1;
  const kept = new Int32Array(ids.length);
  const places = new Int32Array(ids.length);
  let count = 0;
  for (let index = 0; index < ids.length; index++) {
    const id = ids[index]!;
    if (there[id] === 1) {
      kept[count] = id;
      places[count++] = offset + index;
    } else {
      changed[offset + index] = 1;
    }
  }
  return { ids: kept.subarray(0, count), places: places.subarray(0, count) };
}

function trimmed(a: Int32Array, b: Int32Array, span: Span): Span {
  let { aStart, aEnd, bStart, bEnd } = span;
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
    aStart++;
    bStart++;
  }
  while (aStart < aEnd && bStart < bEnd && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  return { aStart, aEnd, bStart, bEnd };
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
