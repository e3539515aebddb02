export interface OrderedTask {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/** Tasks in an order in which each comes after what it depends on; ties in the plan's own order. */
export function inLayerOrder<T extends OrderedTask>(tasks: readonly T[]): readonly T[] {
  const depth = depthsOf(tasks);
  return [...tasks].sort((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
}

/**
 * How many tasks there are at most on a way to each. A plan under review may have a circle in it; a dependency that
 * closes one counts as none.
 */
export function depthsOf(tasks: readonly OrderedTask[]): ReadonlyMap<string, number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const depth = new Map<string, number>();
  const open = new Set<string>();
  const visit = (task: OrderedTask): number => {
    const known = depth.get(task.id);
    if (known !== undefined) return known;
    open.add(task.id);
    let found = 0;
    for (const id of task.dependsOn) {
      const dependency = byId.get(id);
      if (dependency !== undefined && !open.has(id)) found = Math.max(found, visit(dependency) + 1);
    }
    open.delete(task.id);
    depth.set(task.id, found);
    return found;
  };
  for (const task of tasks) visit(task);
  return depth;
}
