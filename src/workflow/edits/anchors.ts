import type { Span } from './myers.ts';

/** A common element: its place in either sequence. */
export interface Anchor {
  readonly a: number;
  readonly b: number;
}

/**
 * Elements that are once in either side of a span, the longest run of them that is in the same order in both
 * (patience diff). They are where the two sides can be cut apart without much risk of a worse alignment.
 */
export class Anchors {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #countA: Int32Array;
  readonly #countB: Int32Array;
  readonly #placeB: Int32Array;

  /** @param kinds one more than the greatest number in the sequences */
  constructor(a: Int32Array, b: Int32Array, kinds: number) {
    this.#a = a;
    this.#b = b;
    this.#countA = new Int32Array(kinds);
    this.#countB = new Int32Array(kinds);
    this.#placeB = new Int32Array(kinds);
  }

  of(span: Span): Anchor[] {
    const unique = this.#unique(span);
    return longestRising(unique);
  }

  #unique({ aStart, aEnd, bStart, bEnd }: Span): Anchor[] {
    const [a, b, countA, countB, placeB] = [this.#a, this.#b, this.#countA, this.#countB, this.#placeB];
    for (let i = aStart; i < aEnd; i++) countA[a[i]!]!++;
    for (let j = bStart; j < bEnd; j++) {
      countB[b[j]!]!++;
      placeB[b[j]!] = j;
    }
    const unique: Anchor[] = [];
    for (let i = aStart; i < aEnd; i++) {
      const kind = a[i]!;
      if (countA[kind] === 1 && countB[kind] === 1) unique.push({ a: i, b: placeB[kind]! });
    }
    for (let i = aStart; i < aEnd; i++) countA[a[i]!] = 0;
    for (let j = bStart; j < bEnd; j++) countB[b[j]!] = 0;
    return unique;
  }
}

/** The longest subsequence with rising `b`, of anchors sorted by `a`, in n log n by patience sorting. */
function longestRising(anchors: readonly Anchor[]): Anchor[] {
  const tops: number[] = [];
  const before = new Int32Array(anchors.length);
  for (const [index, { b }] of anchors.entries()) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (anchors[tops[middle]!]!.b < b) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? tops[low - 1]! : -1;
    tops[low] = index;
  }
  const rising: Anchor[] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = before[index]!) rising.push(anchors[index]!);
  return rising.reverse();
}
