/** A part of two sequences that is still to be aligned; the ends are exclusive. */
export interface Span {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** Told of every element that is on one side only. */
export interface Marks {
  readonly removed: Uint8Array;
  readonly added: Uint8Array;
}

/** Edits tried before a search is given up: a search costs at most the square of it. */
export const MAX_EDITS = 512;

/** How far a search came: all the way in `edits` edits, or only to diagonal `k` (x - y) of its last step. */
export interface Search {
  readonly complete: boolean;
  readonly edits: number;
  readonly k: number;
}

/**
 * E. W. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986): the fewest removed and added
 * elements, by growing the furthest reach on every diagonal one edit at a time. The time grows with the square
 * of the number of edits, so the search stops at {@link MAX_EDITS}.
 */
export class Myers {
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  /** The furthest x on each diagonal, -1 for none; row after row of d + 1 diagonals. */
  #reach = new Int32Array(0);

  constructor(a: Int32Array, b: Int32Array) {
    this.#a = a;
    this.#b = b;
  }

  search(span: Span): Search {
    const n = span.aEnd - span.aStart;
    const m = span.bEnd - span.bStart;
    const limit = Math.min(MAX_EDITS, n + m);
    this.#reserve(limit);
    for (let d = 0; d <= limit; d++) {
      for (let k = -d; k <= d; k += 2) {
        const x = this.#extend(span, n, m, d, k);
        if (x === n && x - k === m) return { complete: true, edits: d, k };
      }
    }
    return { complete: false, edits: limit, k: this.#furthest(limit) };
  }

  /**
   * Marks the edits on the way to where the last search of `span` ended.
   * @returns that place, as offsets from the start of the span
   */
  mark(span: Span, { edits, k }: Search, { removed, added }: Marks): { x: number; y: number } {
    const n = span.aEnd - span.aStart;
    const m = span.bEnd - span.bStart;
    const x = this.#at(edits, k);
    let diagonal = k;
    for (let d = edits; d > 0; d--) {
      if (this.#comesDown(n, m, d, diagonal)) {
        diagonal += 1;
        added[span.bStart + this.#at(d - 1, diagonal) - diagonal] = 1;
      } else {
        diagonal -= 1;
        removed[span.aStart + this.#at(d - 1, diagonal)] = 1;
      }
    }
    return { x, y: x - k };
  }

  /** The furthest x on diagonal `k` after `d` edits, after running along what is equal; -1 when none gets there. */
  #extend(span: Span, n: number, m: number, d: number, k: number): number {
    let x = 0;
    if (d > 0) x = this.#comesDown(n, m, d, k) ? this.#at(d - 1, k + 1) : this.#rightOf(n, d, k);
    if (x >= 0) {
      const a = this.#a;
      const b = this.#b;
      const aStart = span.aStart;
      const bStart = span.bStart - k;
      const end = Math.min(n, m + k);
      while (x < end && a[aStart + x] === b[bStart + x]) x++;
    }
    this.#reach[(d * (d + 1)) / 2 + (k + d) / 2] = x;
    return x;
  }

  /** Is diagonal `k` reached best by an addition, from the diagonal above? */
  #comesDown(n: number, m: number, d: number, k: number): boolean {
    const above = this.#at(d - 1, k + 1);
    if (above < 0 || above - (k + 1) >= m) return false;
    const left = this.#at(d - 1, k - 1);
    return left < 0 || left >= n || above > left;
  }

  #rightOf(n: number, d: number, k: number): number {
    const left = this.#at(d - 1, k - 1);
    return left < 0 || left >= n ? -1 : left + 1;
  }

  #at(d: number, k: number): number {
    return k < -d || k > d ? -1 : (this.#reach[(d * (d + 1)) / 2 + (k + d) / 2] ?? -1);
  }

  #furthest(d: number): number {
    let best = 0;
    let most = -1;
    for (let k = -d; k <= d; k += 2) {
      const x = this.#at(d, k);
      if (x < 0 || 2 * x - k <= most) continue;
      most = 2 * x - k;
      best = k;
    }
    return best;
  }

  #reserve(limit: number): void {
    const size = ((limit + 1) * (limit + 2)) / 2;
    if (this.#reach.length < size) this.#reach = new Int32Array(size);
  }
}
