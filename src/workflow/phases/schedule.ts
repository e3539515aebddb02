import { PlanwrightError } from '../errors.ts';
import type { Task } from '../schemas.ts';

/** A task did not start because one it waits for failed. */
export class DependencyFailed extends PlanwrightError {
  constructor(taskId: string, cause: unknown) {
    super('INTERNAL', `${taskId} failed, so what depends on it did not start.`, { cause });
  }
}

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

/** At most `count` holders at a time, first come, first served. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
