/** Requests are begun until they have taken so much of a turn, in milliseconds. */
const SLICE_MS = 1;

/** So many may wait in line: more than there are connections, so that only who sends many at once on each is refused. */
const LINE = 2000;

/** What a turnstile knows of time; a test has its own. */
export interface Turns {
  /** Milliseconds. */
  now(): number;
  /** Once what was begun has come as far as it can without waiting for anything. */
  settled(next: () => void): void;
  /** Once everything else has had its turn, and no sooner than so many milliseconds from now. */
  after(ms: number, next: () => void): void;
}

/**
 * Lets requests have half of the time and no more while others wait in line: as long as a slice of them took, the run
 * then has for its own timers, model answers and database writes, however many clients ask at once. Who asks alone never
 * waits.
 * @returns false for what finds the line full, and is never begun
 */
export function turnstile(turns: Turns = eventLoop, sliceMs = SLICE_MS): (work: () => void) => boolean {
  let line: (() => void)[] = [];
  /** Up to here they were begun. */
  let at = 0;
  let busy = false;
  let turning = false;
  let leftMs = sliceMs;

  const waits = (): boolean => at < line.length;
  const begin = (): void => {
    const work = line[at++];
    if (at * 2 > line.length) {
      line = line.slice(at);
      at = 0;
    }
    busy = true;
    const begun = turns.now();
    work?.();
    turns.settled(() => {
      leftMs -= turns.now() - begun;
      busy = false;
      if (waits() && leftMs > 0) begin();
      else if (!turning) rest();
    });
  };
  const rest = (): void => {
    turning = true;
    turns.after(0, () => {
      if (waits()) turns.after(sliceMs - leftMs, turn);
      else turn();
    });
  };
  const turn = (): void => {
    leftMs = sliceMs;
    turning = false;
    if (waits() && !busy) begin();
  };
  return (work) => {
    if (line.length - at >= LINE) return false;
    line.push(work);
    if (!busy && leftMs > 0) begin();
    return true;
  };
}

const eventLoop: Turns = {
  now: () => performance.now(),
  // A tick asked for by a microtask comes after all microtasks.
  settled: (next) => queueMicrotask(() => process.nextTick(next)),
  after(ms, next) {
    if (ms < 1) setImmediate(next);
    else setTimeout(next, ms);
  },
};
