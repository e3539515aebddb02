import type { Plan, Task } from '../../src/workflow/schemas.ts';

/** What became of the tasks between two rounds. `changed` names the fields, as the plan does. */
export interface PlanDiff {
  readonly added: ReadonlySet<string>;
  readonly changed: ReadonlyMap<string, readonly (keyof Task)[]>;
  readonly removed: readonly Task[];
}

const fields: readonly (keyof Task)[] = [
  'title',
  'description',
  'dependsOn',
  'requirements',
  'files',
  'tests',
  'doneWhen',
  'size',
];

/** Compares by task id. Order counts within a field: a plan that reorders its steps has changed. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const old = new Map(before.tasks.map((task) => [task.id, task]));
  const kept = new Set(after.tasks.map(({ id }) => id));
  const added = new Set(after.tasks.filter(({ id }) => !old.has(id)).map(({ id }) => id));
  const changed = new Map<string, readonly (keyof Task)[]>();
  for (const task of after.tasks) {
    const previous = old.get(task.id);
    if (previous === undefined) continue;
    const differing = fields.filter((field) => JSON.stringify(previous[field]) !== JSON.stringify(task[field]));
    if (differing.length > 0) changed.set(task.id, differing);
  }
  return { added, changed, removed: before.tasks.filter(({ id }) => !kept.has(id)) };
}
