import { PlanwrightError } from '../errors.ts';
import { type CriterionId, criterionIds } from '../schemas.ts';

export type Weights = Readonly<Record<CriterionId, number>>;

/** The default criteria matrix, in percent. */
export const defaultWeights: Weights = {
  requirementsCoverage: 25,
  architecture: 20,
  feasibility: 20,
  taskBreakdown: 15,
  testability: 10,
  riskAndSecurity: 10,
};

/** What each criterion asks; the reviewer gets these sentences. */
export const criterionQuestions: Readonly<Record<CriterionId, string>> = {
  requirementsCoverage: 'Is every requirement served by a task that really delivers it, and every constraint kept?',
  architecture:
    'Does the design fit the code that is there, with clear responsibilities and reasons for its decisions?',
  feasibility: 'Can each task be done as described, with the files, tools and interfaces that exist?',
  taskBreakdown: 'Are tasks small, ordered by real dependencies, and each checkable on its own?',
  testability: 'Does each task name its tests, and does each success metric say how it is measured?',
  riskAndSecurity: 'Are the real risks named, with a mitigation that would work, security included?',
};

/** @throws PlanwrightError INVALID_INPUT when the weights do not sum to 100 */
export function checkWeights(weights: Weights): Weights {
  const sum = criterionIds.reduce((total, id) => total + weights[id], 0);
  if (Math.abs(sum - 100) < 1e-9 && criterionIds.every((id) => weights[id] >= 0)) return weights;
  throw new PlanwrightError('INVALID_INPUT', `The review weights sum to ${sum}, not 100.`, {
    hint: 'Change the weights so that they are at least 0 and sum to 100.',
  });
}
