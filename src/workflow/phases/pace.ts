import { median } from '../estimate.ts';
import type { Task } from '../schemas.ts';
import { inDependencyOrder } from './dependencyOrder.ts';
import { endWithoutLending, type Outlook } from './outlook.ts';

/** How much longer a task of each size is taken to last than a small one, which lasts 1. */
const lengths: Readonly<Record<Task['size'], number>> = { S: 1, M: 2, L: 4 };

/** What the work behind a task counts beside the longest way: enough to decide between ways of much the same length. */
const WORK_BEHIND = 0.02;

/** The part of a task that is taken to be left of it however long it has taken: it says itself when it is done. */
const ALWAYS_LEFT = 0.2;

interface Progress {
  state: 'waiting' | 'working' | 'done';
  /** Milliseconds in a slot. */
  worked: number;
  since: number;
}

/**
 * How far the tasks of a plan are, in small tasks: by their sizes, the time they have been at work, and how long those
 * took that are done. Until the first is done nobody knows how long a small task is.
 */
export class Pace {
  readonly #length: ReadonlyMap<string, number>;
  readonly #order: readonly Task[];
  readonly #behind: ReadonlyMap<string, number>;
  readonly #progress = new Map<string, Progress>();
  readonly #count: number;
  readonly #now: () => number;
  /** Milliseconds a small task takes; of no use until the first task is done. */
  #small: number | null = null;

  constructor(tasks: readonly Task[], count: number, now: () => number) {
    this.#order = inDependencyOrder(tasks);
    this.#length = new Map(tasks.map(({ id, size }) => [id, lengths[size]]));
    this.#behind = workBehind(this.#order, this.#length);
    this.#count = count;
    this.#now = now;
  }

  wait(id: string): void {
    this.#progress.set(id, { state: 'waiting', worked: 0, since: 0 });
  }

  /** It has a slot, for the first time or again. */
  work(id: string): void {
    this.#change(id, 'working');
  }

  /** It has lent its slot. */
  pause(id: string): void {
    this.#change(id, 'waiting');
  }

  done(id: string): void {
    this.#change(id, 'done');
    const taken = [...this.#progress].filter(([, { state }]) => state === 'done');
    this.#small = median(taken.map(([other, { worked }]) => worked / (this.#length.get(other) ?? 1)));
  }

  /** It failed or was called off; when it is tried again, it starts over. */
  stop(id: string): void {
    this.#progress.delete(id);
  }

  /**
   * The work on the longest way from where the task is now to the end of the plan, which everything waits for in the
   * end; of ways about as long the one with more work hanging on it counts more.
   */
  urgency(id: string): number {
    return this.#left(id) + (this.#behind.get(id) ?? 0);
  }

  /** Would the plan end later than it has to if each task kept its slot from now on until it is done? */
  isLate(): boolean {
    if (this.#small === null || this.#count === 1) return false;
    const outlook: Outlook = {
      order: this.#order.map(({ id, dependsOn }) => ({ id, dependsOn, left: this.#left(id) })),
      state: (id) => this.#progress.get(id)?.state,
      urgency: (id) => this.urgency(id),
      count: this.#count,
    };
    const { end, atBest } = endWithoutLending(outlook);
    return end > atBest * 1.01;
  }

  #left(id: string): number {
    const length = this.#length.get(id) ?? 0;
    const progress = this.#progress.get(id);
    if (progress?.state === 'done') return 0;
    if (!progress || this.#small === null || this.#small === 0) return length;
    const worked = progress.worked + (progress.state === 'working' ? this.#now() - progress.since : 0);
    return Math.max(length - worked / this.#small, ALWAYS_LEFT * length);
  }

  #change(id: string, state: Progress['state']): void {
    const progress = this.#progress.get(id);
    if (!progress) return;
    const now = this.#now();
    if (progress.state === 'working') progress.worked += now - progress.since;
    progress.since = now;
    progress.state = state;
  }
}

/** For each task the longest way behind it, and a little for each task that hangs on it. */
function workBehind(order: readonly Task[], length: ReadonlyMap<string, number>): Map<string, number> {
  const dependents = new Map<string, Task[]>();
  for (const task of order) {
    for (const id of task.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), task]);
  }
  const lengthOf = (id: string) => length.get(id) ?? 0;
  const paths = new Map<string, number>();
  const behind = new Map<string, ReadonlySet<string>>();
  const urgent = new Map<string, number>();
  for (const { id } of order.toReversed()) {
    const next = dependents.get(id) ?? [];
    const all = new Set(next.flatMap((task) => [task.id, ...(behind.get(task.id) ?? [])]));
    const path = Math.max(0, ...next.map((task) => paths.get(task.id) ?? 0));
    const work = [...all].reduce((sum, other) => sum + lengthOf(other), 0);
    behind.set(id, all);
    paths.set(id, lengthOf(id) + path);
    urgent.set(id, path + WORK_BEHIND * work);
  }
  return urgent;
}
