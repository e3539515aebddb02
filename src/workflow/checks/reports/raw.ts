/** A report as it is written, its paths not yet told. */
export interface RawCoverage {
  readonly files: ReadonlyMap<string, Lines>;
  /** Lines in all, for a report that has no more than that. */
  readonly summary?: { readonly covered: number; readonly total: number };
  /** Folders that its paths are relative to. */
  readonly sources?: readonly string[];
  /** Why it cannot be read. */
  readonly reason?: string;
}

export interface Lines {
  readonly covered: ReadonlySet<number>;
  readonly total: ReadonlySet<number>;
}

/** A line past this is none. */
const MAX_LINE = 10_000_000;

/** Which lines of which files count, and which of them ran. */
export class FileLines {
  readonly files = new Map<string, { covered: Set<number>; total: Set<number> }>();

  /** Counts a line; what is no line number or no count of hits is left out. */
  add(path: string, line: number, hits: number): void {
    if (!Number.isInteger(line) || line < 1 || line > MAX_LINE || !Number.isFinite(hits) || hits < 0) return;
    const file = this.#file(path);
    file.total.add(line);
    if (hits > 0) file.covered.add(line);
  }

  addAll(path: string, lines: Lines): void {
    const file = this.#file(path);
    for (const line of lines.total) file.total.add(line);
    for (const line of lines.covered) file.covered.add(line);
  }

  #file(path: string): { covered: Set<number>; total: Set<number> } {
    const known = this.files.get(path);
    if (known) return known;
    const fresh = { covered: new Set<number>(), total: new Set<number>() };
    this.files.set(path, fresh);
    return fresh;
  }
}

export function unreadable(reason: string): RawCoverage {
  return { files: new Map(), reason };
}
