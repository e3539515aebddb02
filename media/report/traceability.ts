import type { ProposalSummary } from '../../src/workflow/engine/events.ts';
import type { Plan } from '../../src/workflow/schemas.ts';

/** What came of one requirement: the tasks that serve it and the hunks that say they do. */
export interface Trace {
  readonly id: string;
  readonly text: string;
  readonly taskIds: readonly string[];
  readonly accepted: number;
  readonly rejected: number;
  readonly pending: number;
}

/** One trace a requirement, in the plan's order. A hunk that serves two counts for both. */
export function traceRequirements(plan: Plan, proposals: readonly ProposalSummary[]): readonly Trace[] {
  const counts = new Map<string, { accepted: number; rejected: number; pending: number }>();
  for (const { requirementIds, decision } of proposals.flatMap(({ hunks }) => hunks)) {
    if (decision === 'superseded') continue; // Another hunk took its place and is counted.
    for (const id of new Set(requirementIds)) {
      const count = counts.get(id) ?? { accepted: 0, rejected: 0, pending: 0 };
      counts.set(id, { ...count, [decision]: count[decision] + 1 });
    }
  }
  return plan.requirements.map(({ id, text }) => ({
    id,
    text,
    taskIds: plan.tasks.filter(({ requirements }) => requirements.includes(id)).map((task) => task.id),
    ...(counts.get(id) ?? { accepted: 0, rejected: 0, pending: 0 }),
  }));
}
