import type { Finding, Plan } from '../schemas.ts';
import { PlanGraph } from './planGraph.ts';
import * as files from './rules/files.ts';
import * as requirements from './rules/requirements.ts';
import type { Rule } from './rules/rule.ts';
import * as tasks from './rules/tasks.ts';

/** Every rule; docs/plan-linter.md shows each with an example. */
export const rules: readonly Rule[] = [
  requirements.requirementWithoutTask,
  requirements.impliedWithoutTask,
  requirements.unknownRequirement,
  requirements.taskWithoutRequirement,
  requirements.repeatedRequirementId,
  tasks.repeatedTaskId,
  tasks.unknownDependency,
  tasks.dependencyCycle,
  tasks.noDoneWhen,
  tasks.taskWithoutFiles,
  tasks.noTests,
  tasks.largeTaskWithoutTests,
  tasks.unmeasuredMetric,
  tasks.noMetrics,
  files.missingFile,
  files.existingFile,
  files.outsideWorkspace,
  files.deniedPath,
  files.unorderedWriters,
  files.repeatedFile,
  files.caseClash,
  files.unknownComponentFile,
];

/**
 * Checks a plan with no model in it. Each finding caps one criterion of the review matrix, whatever the
 * reviewer says.
 * @param files every path of the workspace, relative, with forward slashes
 */
export function lintPlan(plan: Plan, files: ReadonlySet<string>): Finding[] {
  const context = { plan, files, graph: new PlanGraph(plan) };
  return rules.flatMap(({ id: rule, severity, criterion, cap, find }) =>
    [...find(context)].map(({ message, where }) => ({ rule, severity, message, where, criterion, cap })),
  );
}
