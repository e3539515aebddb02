import uPlot from 'uplot';
import type { Theme } from './theme.ts';

/** What all axes have: the theme's font and quiet colours, hair lines. */
export function axisOf({ quiet, grid, font }: Theme): uPlot.Axis {
  return {
    stroke: quiet,
    font,
    grid: { stroke: grid, width: 0.5 },
    ticks: { stroke: grid, width: 0.5, size: 4 },
    gap: 4,
  };
}

/** Steps of an axis that counts whole things. */
export const wholeSteps = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((power) => step * 10 ** power))
  .sort((a, b) => a - b);

/** No dragging, no lines that follow the pointer: only the entry under it is named. */
export const quietCursor: uPlot.Cursor = { drag: { x: false, y: false, setScale: false }, x: false, y: false };

/**
 * The range of an axis of time over these values, at least `least` long and with some room at both ends. What is
 * missing is added before the values, or on both sides of them.
 */
export function spanOf(values: ArrayLike<number>, least: number, at: 'end' | 'middle', room: number): [number, number] {
  const [first = 0, last = 0] = [values[0], values[values.length - 1]];
  const missing = Math.max(0, least - (last - first));
  const after = at === 'middle' ? missing / 2 : 0;
  const extra = room || (last - first + missing) * 0.03;
  return [first - (missing - after) - extra, last + after + extra];
}

/** A bar from the ground up, at most `widest` CSS pixels wide: what is drawn after it covers its lower part. */
export function stackedBar(fill: string, { background }: Theme, widest: number): uPlot.Series {
  return {
    fill,
    stroke: background,
    width: 1,
    paths: uPlot.paths.bars!({ size: [0.7, widest] }),
    points: { show: false },
  };
}
