import { hunksOf, type RawHunk } from './hunks.ts';
import { changedLinesSteps } from './lineDiff.ts';
import { splitLines } from './lines.ts';

/** Milliseconds of work at a time. */
const SLICE = 10;

/** As `diffHunks`, for files so long that whatever else is to be done should have its turn meanwhile. */
export async function diffHunksInSlices(base: string, text: string): Promise<RawHunk[]> {
  return base === text ? [] : diffLinesInSlices(splitLines(base), splitLines(text));
}

export async function diffLinesInSlices(base: readonly string[], text: readonly string[]): Promise<RawHunk[]> {
  const steps = changedLinesSteps(base, text);
  let since = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return hunksOf(value);
    if (performance.now() - since < SLICE) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
}
