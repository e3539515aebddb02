/** Each cell's upper end is this much above its lower one. */
const GROWTH = 1.02;

/** How far a percentile of rolled-up values is from the exact one at most, as a part of it. */
export const PERCENTILE_ERROR = (GROWTH - 1) / (GROWTH + 1);

/**
 * The value that stands for `value` in a roll-up, no further from it than {@link PERCENTILE_ERROR} of it: that of its
 * cell, the cells being (1.02^(i-1), 1.02^i], cut at `bounds` so that a value never changes the side of a bound it is
 * on. Within a cell (a, b] it is 2ab / (a + b), which is as far off at both ends (Masson, Rim and Lee, DDSketch, 2019).
 * Zero and less are 0.
 */
export function cellOf(value: number, bounds: readonly number[] = []): number {
  if (value <= 0) return 0;
  const index = Math.ceil(Math.log(value) / Math.log(GROWTH));
  const below = bounds.findLast((bound) => bound < value) ?? 0;
  const above = bounds.find((bound) => bound >= value) ?? Number.POSITIVE_INFINITY;
  const low = Math.max(GROWTH ** (index - 1), below);
  const high = Math.min(GROWTH ** index, above);
  return (2 * low * high) / (low + high);
}
