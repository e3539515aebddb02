import type { Plan, Task } from '../schemas.ts';

/** A plan's tasks as a graph, each question answered once however often it is asked. */
export class PlanGraph {
  readonly tasks: readonly Task[];
  readonly byId: ReadonlyMap<string, Task>;
  /** Tasks that wait for each other, in the order in which they do; null when there are none. */
  readonly cycle: readonly string[] | null;
  readonly #indexes: ReadonlyMap<string, number>;
  /** By task, a bit for each other task that it waits for. */
  readonly #ancestors = new Map<string, Uint32Array>();

  constructor({ tasks }: Plan) {
    this.tasks = tasks;
    this.byId = new Map(tasks.map((task) => [task.id, task]));
    this.#indexes = new Map([...this.byId.keys()].map((id, index) => [id, index]));
    this.cycle = findCycle(this.byId);
  }

  /** Does `id` wait for `other`, directly or through others? */
  waitsFor(id: string, other: string): boolean {
    const index = this.#indexes.get(other);
    return index !== undefined && ((this.#ancestorsOf(id)[index >> 5] ?? 0) & (1 << (index & 31))) !== 0;
  }

  /** Is one of the two sure to be done before the other begins? */
  ordered(a: string, b: string): boolean {
    return this.waitsFor(a, b) || this.waitsFor(b, a);
  }

  #ancestorsOf(id: string): Uint32Array {
    const known = this.#ancestors.get(id);
    if (known) return known;
    const bits = new Uint32Array((this.byId.size + 31) >> 5);
    this.#ancestors.set(id, bits); // Ends the search in a cycle.
    for (const next of this.byId.get(id)?.dependsOn ?? []) {
      const index = this.#indexes.get(next);
      if (index === undefined) continue;
      bits[index >> 5] = (bits[index >> 5] ?? 0) | (1 << (index & 31));
      const further = this.#ancestorsOf(next);
      for (let word = 0; word < bits.length; word++) bits[word] = (bits[word] ?? 0) | (further[word] ?? 0);
    }
    return bits;
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
