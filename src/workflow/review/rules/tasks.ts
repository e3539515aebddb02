import { say } from '../../words/say.ts';
import { repeated } from './repeated.ts';
import type { Rule } from './rule.ts';

/** Two tasks with one id. */
export const repeatedTaskId: Rule = {
  id: 'repeated-task-id',
  severity: 'blocker',
  criterion: 'taskBreakdown',
  cap: 3,
  *find({ plan }) {
    for (const id of repeated(plan.tasks.map((task) => task.id)))
      yield { message: say`Two tasks are called ${id}.`, where: id };
  },
};

/** A task that waits for one that is not there. Wrong: `dependsOn: ["T7"]` of three. */
export const unknownDependency: Rule = {
  id: 'unknown-dependency',
  severity: 'blocker',
  criterion: 'taskBreakdown',
  cap: 4,
  *find({ graph }) {
    for (const { id, dependsOn } of graph.tasks)
      for (const unknown of dependsOn.filter((other) => !graph.byId.has(other)))
        yield { message: say`${id} depends on ${unknown}, which does not exist.`, where: id };
  },
};

/** Tasks that wait for each other, or one that waits for itself. Wrong: T1 → T2 → T1. */
export const dependencyCycle: Rule = {
  id: 'dependency-cycle',
  severity: 'blocker',
  criterion: 'feasibility',
  cap: 2,
  *find({ graph: { cycle } }) {
    const first = cycle?.[0];
    if (cycle && first !== undefined)
      yield { message: say`Tasks wait for each other: ${[...cycle, first].join(' → ')}.`, where: first };
  },
};

/** A task without a word on when it is done. */
export const noDoneWhen: Rule = {
  id: 'no-done-when',
  severity: 'major',
  criterion: 'taskBreakdown',
  cap: 6,
  *find({ plan }) {
    for (const { id, doneWhen } of plan.tasks)
      if (!doneWhen.some((text) => text.trim() !== ''))
        yield { message: say`${id} does not say when it is done.`, where: id };
  },
};

/** A task that touches no file: nothing can come of it. */
export const taskWithoutFiles: Rule = {
  id: 'task-without-files',
  severity: 'minor',
  criterion: 'feasibility',
  cap: 8,
  *find({ plan }) {
    for (const { id, files } of plan.tasks)
      if (files.length === 0) yield { message: say`${id} names no file that it would change.`, where: id };
  },
};

/** A plan in which no task names a test. */
export const noTests: Rule = {
  id: 'no-tests',
  severity: 'major',
  criterion: 'testability',
  cap: 3,
  *find({ plan }) {
    if (plan.tasks.every(({ tests }) => !tests.some((text) => text.trim() !== '')))
      yield { message: say`No task names a test.`, where: 'tasks' };
  },
};

/** A large task without a test of its own. */
export const largeTaskWithoutTests: Rule = {
  id: 'large-task-without-tests',
  severity: 'minor',
  criterion: 'testability',
  cap: 7,
  *find({ plan }) {
    for (const { id, size, tests } of plan.tasks)
      if (size === 'L' && !tests.some((text) => text.trim() !== ''))
        yield { message: say`${id} is large and names no test.`, where: id };
  },
};

/** A success metric without a target, or that nothing measures. Wrong: `measuredBy: ""`. */
export const unmeasuredMetric: Rule = {
  id: 'unmeasured-metric',
  severity: 'major',
  criterion: 'testability',
  cap: 5,
  *find({ plan }) {
    for (const { name, target, measuredBy } of plan.successMetrics) {
      if (measuredBy.trim() === '') yield { message: say`Nothing measures the success metric “${name}”.`, where: name };
      else if (target.trim() === '') yield { message: say`The success metric “${name}” has no target.`, where: name };
    }
  },
};

/** A plan that does not say how its success would be seen. */
export const noMetrics: Rule = {
  id: 'no-success-metric',
  severity: 'major',
  criterion: 'testability',
  cap: 5,
  *find({ plan }) {
    if (plan.successMetrics.length === 0)
      yield { message: say`The plan has no success metric.`, where: 'successMetrics' };
  },
};
