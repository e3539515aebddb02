import type { Plan, Review } from '../schemas.ts';
import type { Weights } from './criteria.ts';
import { lintPlan } from './planLinter.ts';
import { computeReview } from './scoring.ts';

/** What `review` comes to for an edited plan that no reviewer has seen: its points, under the new plan's caps. */
export function carriedOver(
  review: Review,
  plan: Plan,
  files: ReadonlySet<string>,
  { weights, threshold }: { readonly weights: Weights; readonly threshold: number },
): Review {
  const given = review.criteria.map((criterion) => ({ ...criterion, score: criterion.given, cappedBy: undefined }));
  return { ...computeReview(given, lintPlan(plan, files), weights, threshold), carriedOver: true };
}
