import { cancelled } from '../errors.ts';
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

/** How much longer a task of each size is taken to last than a small one. */
const lengths: Readonly<Record<Task['size'], number>> = { S: 1, M: 2, L: 4 };

/** What the work behind a task counts beside the longest way: enough to decide between ways of much the same length. */
const WORK_BEHIND = 0.02;

/**
 * For each task how urgent it is, in small tasks: the work on the longest way from its start to the end of the plan,
 * which everything waits for in the end; of ways about as long the one with more work hanging on it counts more. Of
 * tasks that could start, the most urgent should.
 */
export function urgencies(tasks: readonly Task[]): ReadonlyMap<string, number> {
  const dependents = new Map<string, Task[]>();
  for (const task of tasks) {
    for (const id of task.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), task]);
  }
  const paths = new Map<string, number>();
  const behind = new Map<string, ReadonlySet<Task>>();
  const urgent = new Map<string, number>();
  for (const { id, size } of inDependencyOrder(tasks).reverse()) {
    const next = dependents.get(id) ?? [];
    const all = new Set(next.flatMap((task) => [task, ...(behind.get(task.id) ?? [])]));
    const path = lengths[size] + Math.max(0, ...next.map((task) => paths.get(task.id) ?? 0));
    const work = [...all].reduce((sum, task) => sum + lengths[task.size], 0);
    behind.set(id, all);
    paths.set(id, path);
    urgent.set(id, path + WORK_BEHIND * work);
  }
  return urgent;
}

interface Waiting {
  readonly priority: number;
  readonly enter: () => void;
}

/** At most `count` holders at a time; of those that wait the one with the highest priority is next, then the first. */
export class Slots {
  #free: number;
  #waiting: readonly Waiting[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @throws PlanwrightError CANCELLED when the signal aborts before there is a slot */
  async use<T>(work: () => Promise<T>, priority = 0, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw cancelled();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(priority, signal);
    try {
      return await work();
    } finally {
      // What became ready because of this work has its turn to ask first.
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#takeNext();
      if (next) next.enter();
      else this.#free += 1;
    }
  }

  #turn(priority: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== own);
        reject(cancelled());
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const own = { priority, enter };
      this.#waiting = [...this.#waiting, own];
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  #takeNext(): Waiting | undefined {
    const most = Math.max(...this.#waiting.map(({ priority }) => priority));
    const next = this.#waiting.find(({ priority }) => priority === most);
    this.#waiting = this.#waiting.filter((other) => other !== next);
    return next;
  }
}
