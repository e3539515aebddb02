import type { CriterionId, CriterionReview, Finding, Review } from '../schemas.ts';
import { criterionIds } from '../schemas.ts';
import { say } from '../words/say.ts';
import { checkWeights, type Weights } from './criteria.ts';

/** What a reviewer gave one criterion, its evidence already checked. */
export type GivenCriterion = Omit<CriterionReview, 'weight' | 'score' | 'cappedBy' | 'given'> & {
  readonly score: number;
};

/** More points than this need something real to show for them. */
const UNSUPPORTED_CAP = 8;
export const NO_EVIDENCE = 'no-evidence';

/**
 * Computes the review from what the reviewer gave and what the linter found:
 * score = Σ weight × min(given, caps) / 10, rounded to one decimal; a pass is a score of at least `threshold`.
 * A criterion the reviewer left out counts 0; one without any evidence that holds counts at most 8; and a plan
 * with a blocker stays one point under the threshold at least, however good the rest of it is.
 */
export function computeReview(
  given: readonly GivenCriterion[],
  findings: readonly Finding[],
  weights: Weights,
  threshold: number,
): Review {
  checkWeights(weights);
  const criteria = criterionIds.map((id) => scoreCriterion(id, given, findings, weights[id]));
  const sum = round(criteria.reduce((total, { weight, score }) => total + (weight * score) / 10, 0));
  const terms = criteria.map(({ weight, score }) => `${weight}×${round(score / 10, 2)}`).join(' + ');
  const blocker = findings.find(({ severity }) => severity === 'blocker')?.rule;
  const most = Math.max(0, threshold - 1);
  const blocked = blocker !== undefined && sum > most;
  const score = blocked ? most : sum;
  return {
    criteria,
    findings: [...findings],
    score,
    arithmetic: blocked ? say`${sum} = ${terms}; at most ${most} because of ${blocker}` : `${score} = ${terms}`,
    threshold,
    verdict: score >= threshold && blocker === undefined ? 'pass' : 'refine',
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
    rationale: say`The reviewer did not judge this criterion, so it counts 0.`,
    evidence: [],
    droppedEvidence: 0,
    improvements: [],
  };
  const caps = findings.filter(({ criterion }) => criterion === id).map(({ rule, cap }) => ({ rule, cap }));
  if (review.evidence.length === 0) caps.push({ rule: NO_EVIDENCE, cap: UNSUPPORTED_CAP });
  const lowest = caps.sort((a, b) => a.cap - b.cap)[0];
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
