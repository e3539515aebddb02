import { say } from '../../words/say.ts';
import { repeated } from './repeated.ts';
import type { Rule } from './rule.ts';

/** A requirement the developer gave that no task serves. Wrong: R2 in no task's `requirements`. */
export const requirementWithoutTask: Rule = {
  id: 'requirement-without-task',
  severity: 'blocker',
  criterion: 'requirementsCoverage',
  cap: 1,
  *find({ plan }) {
    const served = new Set(plan.tasks.flatMap(({ requirements }) => requirements));
    for (const { id, text, source } of plan.requirements)
      if (source === 'given' && !served.has(id)) yield { message: say`No task serves ${id} (“${text}”).`, where: id };
  },
};

/** A requirement the planner itself found and then forgot. */
export const impliedWithoutTask: Rule = {
  id: 'implied-requirement-without-task',
  severity: 'minor',
  criterion: 'requirementsCoverage',
  cap: 7,
  *find({ plan }) {
    const served = new Set(plan.tasks.flatMap(({ requirements }) => requirements));
    for (const { id, text, source } of plan.requirements)
      if (source === 'implied' && !served.has(id))
        yield { message: say`No task serves the implied ${id} (“${text}”).`, where: id };
  },
};

/** A task that says it serves a requirement the plan does not have. Wrong: `requirements: ["R9"]` of four. */
export const unknownRequirement: Rule = {
  id: 'unknown-requirement',
  severity: 'major',
  criterion: 'requirementsCoverage',
  cap: 6,
  *find({ plan }) {
    const known = new Set(plan.requirements.map(({ id }) => id));
    for (const { id, requirements } of plan.tasks)
      for (const unknown of requirements.filter((requirement) => !known.has(requirement)))
        yield { message: say`${id} says it serves ${unknown}, which the plan does not have.`, where: id };
  },
};

/** A task that says of no requirement that it serves it. */
export const taskWithoutRequirement: Rule = {
  id: 'task-without-requirement',
  severity: 'minor',
  criterion: 'requirementsCoverage',
  cap: 8,
  *find({ plan }) {
    for (const { id, requirements } of plan.tasks)
      if (requirements.length === 0) yield { message: say`${id} serves no requirement.`, where: id };
  },
};

/** Two requirements with one id, so that nobody knows which of them a task serves. */
export const repeatedRequirementId: Rule = {
  id: 'repeated-requirement-id',
  severity: 'major',
  criterion: 'requirementsCoverage',
  cap: 4,
  *find({ plan }) {
    for (const id of repeated(plan.requirements.map((requirement) => requirement.id)))
      yield { message: say`Two requirements are called ${id}.`, where: id };
  },
};
