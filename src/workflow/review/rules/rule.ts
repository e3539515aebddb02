import type { CriterionId, Plan, Severity } from '../../schemas.ts';
import type { PlanGraph } from '../planGraph.ts';

export interface LintContext {
  readonly plan: Plan;
  readonly graph: PlanGraph;
  /** Every path of the workspace, relative, with forward slashes. */
  readonly files: ReadonlySet<string>;
}

/** What is wrong, in a sentence, and with which task, requirement or metric. */
export interface Problem {
  readonly message: string;
  readonly where: string;
}

/** One thing that can be wrong with a plan, found with no model. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** The criterion that a finding caps, whatever the reviewer gave it, and the highest score it then may have. */
  readonly criterion: CriterionId;
  readonly cap: number;
  readonly find: (context: LintContext) => Iterable<Problem>;
}
