import type { Plan, Task } from './schemas.ts';

/**
 * What a developer does to a plan by hand, as pure functions of it. Ids stay those of their tasks, and no edit
 * leaves a dependency on a task that is gone. The panel uses this file too, so it imports types only.
 */

/** One place up or down in the list; the same plan when there is no further to go. */
export function moveTask(plan: Plan, id: string, by: -1 | 1): Plan {
  const at = indexOf(plan, id);
  const task = plan.tasks[at];
  const other = plan.tasks[at + by];
  if (!task || !other) return plan;
  return { ...plan, tasks: plan.tasks.with(at, other).with(at + by, task) };
}

/** Whatever came after the dropped task now comes after what that one came after. The last task stays. */
export function dropTask(plan: Plan, id: string): Plan {
  const dropped = plan.tasks.find((task) => task.id === id);
  if (!dropped || plan.tasks.length === 1) return plan;
  const tasks = plan.tasks
    .filter((task) => task.id !== id)
    .map((task) => {
      if (!task.dependsOn.includes(id)) return task;
      const inherited = task.dependsOn.flatMap((other) => (other === id ? dropped.dependsOn : [other]));
      return { ...task, dependsOn: [...new Set(inherited)].filter((other) => other !== task.id && other !== id) };
    });
  return { ...plan, tasks };
}

/** @returns the plan with an empty task at its end, and that task's id */
export function addTask(plan: Plan, title: string): { readonly plan: Plan; readonly id: string } {
  const id = nextId(plan);
  const task: Task = {
    id,
    title,
    description: '',
    dependsOn: [],
    requirements: [],
    files: [],
    tests: [],
    doneWhen: [],
    size: 'S',
  };
  return { plan: { ...plan, tasks: [...plan.tasks, task] }, id };
}

/**
 * Puts a second half behind a task: it depends on the first, and what depended on the first now depends on it. A
 * file that the first half creates, the second one changes; what each half really does is for the developer to say.
 * @returns the plan and the id of the second half
 */
export function splitTask(plan: Plan, id: string): { readonly plan: Plan; readonly id: string } {
  const at = indexOf(plan, id);
  const first = plan.tasks[at];
  if (!first) return { plan, id };
  const secondId = nextId(plan);
  const second: Task = {
    ...first,
    id: secondId,
    title: `${first.title} (second half)`,
    dependsOn: [id],
    files: first.files
      .filter(({ action }) => action !== 'delete')
      .map(({ path }) => ({ path, action: 'modify' as const })),
  };
  const behind = plan.tasks.map((task) => ({
    ...task,
    dependsOn: task.dependsOn.map((other) => (other === id ? secondId : other)),
  }));
  return { plan: { ...plan, tasks: behind.toSpliced(at + 1, 0, second) }, id: secondId };
}

export function changeTask(plan: Plan, id: string, change: Partial<Omit<Task, 'id'>>): Plan {
  return { ...plan, tasks: plan.tasks.map((task) => (task.id === id ? { ...task, ...change } : task)) };
}

/** Higher than any id the plan has, so that no id ever means another task. */
function nextId({ tasks }: Plan): string {
  return `T${Math.max(0, ...tasks.map(({ id }) => Number(id.slice(1)))) + 1}`;
}

function indexOf({ tasks }: Plan, id: string): number {
  const at = tasks.findIndex((task) => task.id === id);
  return at < 0 ? tasks.length : at;
}
