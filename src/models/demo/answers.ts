import type { CriterionId, Evidence, Plan, Severity } from '../../workflow/schemas.ts';

/** The shapes in which the agents answer; the engine adds the given requirements and all ids it owns. */

export interface PlanAnswer extends Omit<Plan, 'requirements'> {
  readonly impliedRequirements: readonly { readonly text: string }[];
}

export interface ReviewAnswer {
  readonly criteria: readonly {
    readonly id: CriterionId;
    /** 0..10 */
    readonly score: number;
    readonly rationale: string;
    readonly evidence: readonly Evidence[];
    readonly improvements: readonly { readonly what: string; readonly why: string; readonly severity: Severity }[];
  }[];
}

export interface RefinementAnswer {
  readonly plan: PlanAnswer;
  readonly addressed: readonly { readonly improvementId: string; readonly change: string }[];
  readonly declined: readonly { readonly improvementId: string; readonly why: string }[];
}

export interface ImplementationAnswer {
  readonly summary: string;
  readonly documentation: string;
  /** Names of the tests written. */
  readonly tests: readonly string[];
  readonly evidence: readonly { readonly doneWhen: string; readonly how: string }[];
}
