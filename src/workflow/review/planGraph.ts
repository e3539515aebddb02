import type { Plan, Task } from '../schemas.ts';

/** A plan's tasks as a graph, each question answered once however often it is asked. */
export class PlanGraph {
  readonly tasks: readonly Task[];
  readonly byId: ReadonlyMap<string, Task>;
  /** Tasks that wait for each other, in the order in which they do; null when there are none. */
  readonly cycle: readonly string[] | null;
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  constructor({ tasks }: Plan) {
    this.tasks = tasks;
    this.byId = new Map(tasks.map((task) => [task.id, task]));
    this.cycle = findCycle(this.byId);
  }

  /** The ids of all that a task waits for, directly or through others. */
  ancestors(id: string): ReadonlySet<string> {
    const known = this.#ancestors.get(id);
    if (known) return known;
    const found = new Set<string>();
    this.#ancestors.set(id, found); // Ends the search in a cycle.
    for (const next of this.byId.get(id)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      for (const further of this.ancestors(next)) found.add(further);
    }
    return found;
  }

  /** Is one of the two sure to be done before the other begins? */
  ordered(a: string, b: string): boolean {
    return this.ancestors(a).has(b) || this.ancestors(b).has(a);
  }
}

function findCycle(byId: ReadonlyMap<string, Task>): readonly string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (id: string): readonly string[] | null => {
    if (onPath.has(id)) return path.slice(path.indexOf(id));
    if (done.has(id)) return null;
    path.push(id);
    onPath.add(id);
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    onPath.delete(id);
    done.add(id);
    return null;
  };
  for (const id of byId.keys()) {
    const cycle = visit(id);
    if (cycle) return cycle;
  }
  return null;
}
