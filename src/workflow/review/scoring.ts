import type { CriterionId, CriterionReview, Finding, Review } from '../schemas.ts';
import { criterionIds } from '../schemas.ts';
import { checkWeights, type Weights } from './criteria.ts';

/** What a reviewer gave one criterion, its evidence already checked. */
export type GivenCriterion = Omit<CriterionReview, 'weight' | 'score' | 'cappedBy' | 'given'> & {
  readonly score: number;
};

/**
 * Computes the review from what the reviewer gave and what the linter found:
 * score = Σ weight × min(given, caps) / 10, rounded to one decimal; a pass is a score of at least `threshold`.
 * A criterion the reviewer left out counts 0.
 */
export function computeReview(
  given: readonly GivenCriterion[],
  findings: readonly Finding[],
  weights: Weights,
  threshold: number,
): Review {
  checkWeights(weights);
  const criteria = criterionIds.map((id) => scoreCriterion(id, given, findings, weights[id]));
  const score = round(criteria.reduce((sum, { weight, score }) => sum + (weight * score) / 10, 0));
  return {
    criteria,
    findings: [...findings],
    score,
    arithmetic: `${score} = ${criteria.map(({ weight, score }) => `${weight}×${round(score / 10, 2)}`).join(' + ')}`,
    threshold,
    verdict: score >= threshold ? 'pass' : 'refine',
  };
}

function scoreCriterion(
  id: CriterionId,
  given: readonly GivenCriterion[],
  findings: readonly Finding[],
  weight: number,
): CriterionReview {
  const review = given.find((criterion) => criterion.id === id) ?? {
    id,
    score: 0,
    rationale: 'The reviewer did not judge this criterion, so it counts 0.',
    evidence: [],
    droppedEvidence: 0,
    improvements: [],
  };
  const lowest = findings.filter(({ criterion }) => criterion === id).sort((a, b) => a.cap - b.cap)[0];
  const capped = lowest !== undefined && lowest.cap < review.score;
  return {
    ...review,
    weight,
    given: review.score,
    score: capped ? lowest.cap : review.score,
    ...(capped ? { cappedBy: lowest.rule } : {}),
  };
}

function round(value: number, decimals = 1): number {
  return Number(value.toFixed(decimals));
}
