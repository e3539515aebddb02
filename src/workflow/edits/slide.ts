/** A run of changed lines of one side, and whether a line is changed; `start` and `end` span the run. */
class Run {
  start = 0;
  end = 0;
  readonly #lines: readonly string[];
  readonly #changed: Uint8Array;

  constructor(lines: readonly string[], changed: Uint8Array) {
    this.#lines = lines;
    this.#changed = changed;
    this.#growDown();
  }

  get size(): number {
    return this.end - this.start;
  }

  /** Goes to the run after the next unchanged line; it may be empty. */
  next(): boolean {
    if (this.end >= this.#lines.length) return false;
    this.start = this.end + 1;
    this.end = this.start;
    this.#growDown();
    return true;
  }

  previous(): boolean {
    if (this.start === 0) return false;
    this.end = this.start - 1;
    this.start = this.end;
    this.#growUp();
    return true;
  }

  slideUp(): boolean {
    if (this.start === 0 || this.#lines[this.start - 1] !== this.#lines[this.end - 1]) return false;
    this.#changed[--this.start] = 1;
    this.#changed[--this.end] = 0;
    this.#growUp();
    return true;
  }

  slideDown(): boolean {
    if (this.end >= this.#lines.length || this.#lines[this.start] !== this.#lines[this.end]) return false;
    this.#changed[this.start++] = 0;
    this.#changed[this.end++] = 1;
    this.#growDown();
    return true;
  }

  #growDown(): void {
    while (this.#changed[this.end] === 1) this.end++;
  }

  #growUp(): void {
    while (this.start > 0 && this.#changed[this.start - 1] === 1) this.start--;
  }
}

/**
 * Moves each run of changed lines as far down as the lines allow, joining runs it meets, unless it can stay
 * beside a change of the other side. So the same change is always at the same lines, whatever is around it,
 * and it is where Git puts it too (`xdl_change_compact`).
 */
export function slideRuns(
  lines: readonly string[],
  changed: Uint8Array,
  otherLines: readonly string[],
  otherChanged: Uint8Array,
): void {
  const run = new Run(lines, changed);
  const other = new Run(otherLines, otherChanged);
  do {
    if (run.size > 0) settle(run, other);
  } while (run.next() && other.next());
}

function settle(run: Run, other: Run): void {
  let size: number;
  let highest: number;
  let besideOther: boolean;
  do {
    size = run.size;
    besideOther = false;
    while (run.slideUp()) other.previous();
    highest = run.end;
    besideOther = other.size > 0;
    while (run.slideDown()) {
      other.next();
      besideOther ||= other.size > 0;
    }
  } while (run.size !== size);
  if (run.end === highest || !besideOther) return;
  while (other.size === 0 && run.slideUp()) other.previous();
}
