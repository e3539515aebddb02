import { criterionIds } from '../schemas.ts';
import type { GivenCriterion } from './scoring.ts';

/**
 * What several independent reviewers come to: per criterion the median of their points (of an even number the mean
 * of the middle two; a criterion left out counts 0), the rationale of the one nearest to it, and all their evidence
 * and improvements, each once. `givenBy` keeps every reviewer's points, so that disagreement can be shown.
 */
export function consensus(reviews: readonly (readonly GivenCriterion[])[]): GivenCriterion[] {
  const [only] = reviews;
  if (only && reviews.length === 1) return [...only];
  return criterionIds.flatMap((id) => {
    const opinions = reviews.flatMap((review) => review.filter((criterion) => criterion.id === id).slice(0, 1));
    if (opinions.length === 0) return [];
    const givenBy = reviews.map((review) => review.find((criterion) => criterion.id === id)?.score ?? 0);
    const score = median(givenBy);
    const [nearest] = opinions.toSorted((a, b) => Math.abs(a.score - score) - Math.abs(b.score - score));
    return {
      id,
      score,
      givenBy,
      rationale: nearest?.rationale ?? '',
      evidence: distinct(
        opinions.flatMap(({ evidence }) => evidence),
        (piece) => JSON.stringify(piece),
      ),
      droppedEvidence: opinions.reduce((sum, { droppedEvidence }) => sum + droppedEvidence, 0),
      improvements: distinct(
        opinions.flatMap(({ improvements }) => improvements),
        ({ what }) => what.trim().toLowerCase(),
      ),
    };
  });
}

/** @param values at least one */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [keyOf(value), value] as const).reverse()).values()].reverse();
}
