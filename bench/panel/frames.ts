import type { Browser, Page } from 'playwright-core';

/** What scrolling came to, frame by frame, in milliseconds. */
export interface Frames {
  /** Processor time of the page's main thread in each frame: script, style, layout, paint and commit. */
  readonly work: readonly number[];
  /** From the begin of that to its end on the clock, other processes' time included. */
  readonly wall: readonly number[];
  /** From one frame that was drawn to the next. */
  readonly gaps: readonly number[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, as the two below. */
  readonly ts: number;
  readonly dur?: number;
  /** Processor time. */
  readonly tdur?: number;
}

const categories = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
];
/** A longer pause is none between two frames of one scroll. */
const PAUSE_MS = 1000;

/** Turns the wheel for so long where the mouse is, and reads Chromium's own trace of it. */
export async function scrollTraced(browser: Browser, page: Page, ms: number): Promise<Frames> {
  await browser.startTracing(page, { categories });
  const until = Date.now() + ms;
  while (Date.now() < until) {
    await page.mouse.wheel(0, 120);
    await page.waitForTimeout(12);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8')) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return framesIn(traceEvents);
}

/** A frame is a task of a main thread in which Blink began one. */
function framesIn(events: readonly TraceEvent[]): Frames {
  const begun = events.filter(({ name }) => name === 'BeginMainThreadFrame');
  const tasks = events.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  const frames = tasks.filter((task) => begun.some((begin) => within(begin, task)));
  const drawn = events.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1000);
  const gaps = drawn
    .toSorted((a, b) => a - b)
    .map((at, index, all) => at - (all[index - 1] ?? at))
    .slice(1)
    .filter((gap) => gap < PAUSE_MS);
  return {
    work: frames.map(({ tdur = 0 }) => tdur / 1000),
    wall: frames.map(({ dur = 0 }) => dur / 1000),
    gaps,
  };
}

function within(event: TraceEvent, task: TraceEvent): boolean {
  return (
    event.pid === task.pid && event.tid === task.tid && event.ts >= task.ts && event.ts < task.ts + (task.dur ?? 0)
  );
}
