import type { Task } from '../schemas.ts';

/** The tasks so that each comes after all it depends on; what is in a cycle or depends on nothing known comes last. */
export function inDependencyOrder(tasks: readonly Task[]): Task[] {
  const placed = new Set<string>();
  const ordered: Task[] = [];
  let waiting = [...tasks];
  while (waiting.length > 0) {
    const ready = waiting.filter((task) => task.dependsOn.every((id) => placed.has(id)));
    if (ready.length === 0) return [...ordered, ...waiting];
    for (const task of ready) placed.add(task.id);
    ordered.push(...ready);
    waiting = waiting.filter((task) => !placed.has(task.id));
  }
  return ordered;
}

/** The ids of all that `id` waits for, directly or through others, in dependency order. */
export function ancestorsOf(tasks: readonly Task[], id: string): string[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const found = new Set<string>();
  const visit = (taskId: string) => {
    for (const next of byId.get(taskId)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return inDependencyOrder(tasks)
    .map((task) => task.id)
    .filter((taskId) => found.has(taskId));
}

/** The ids of all that waits for `id`, directly or through others, in dependency order. */
export function descendantsOf(tasks: readonly Task[], id: string): string[] {
  return inDependencyOrder(tasks)
    .map((task) => task.id)
    .filter((other) => other !== id && ancestorsOf(tasks, other).includes(id));
}
