import type { Gate } from '../engine/events.ts';
import { STOP } from '../engine/holds.ts';
import { type ErrorCode, type ErrorInfo, PlanwrightError } from '../errors.ts';
import type { Task } from '../schemas.ts';
import { say } from '../words/say.ts';
import { descendantsOf } from './dependencyOrder.ts';

/** A task that failed or was called off: what becomes of it, and of what waits for it. */

/** The choices at its gate beside {@link STOP}. */
export const RETRY = 'retry';
export const SKIP = 'skip';

/** What a try of a task is called in the journal, under the task; `number` counts from 1. */
export function tryName(number: number): string {
  return `try-${number}`;
}

/** The run goes on without `taskId`, and so without what depends on it. */
export class WithoutDependency extends PlanwrightError {
  readonly taskId: string;

  constructor(taskId: string) {
    super('INTERNAL', `The run goes on without ${taskId}, and so without what depends on it.`);
    this.taskId = taskId;
  }
}

/** Failures that another task would meet as well, or that say that there is no run to go on with. */
const wholeRuns: readonly ErrorCode[] = [
  'CANCELLED',
  'RUN_BUSY',
  'STORAGE',
  'REPLAY_MISMATCH',
  'BAD_KEY',
  'NO_KEY',
  'NO_MODEL',
  'MODEL_GONE',
  'NO_CONSENT',
  'QUOTA',
  'DEMO_ONLY_SAMPLE',
];

export function isTasksOwnFailure(error: PlanwrightError): boolean {
  return !(error instanceof WithoutDependency) && !wholeRuns.includes(error.code);
}

/** @param error null when the task was called off */
export function taskGate(tasks: readonly Task[], task: Task, number: number, error: ErrorInfo | null): Gate {
  const behind = descendantsOf(tasks, task.id);
  const waits =
    behind.length === 0
      ? say`The other tasks go on.`
      : behind.length === 1
        ? say`${behind.join('')} waits for it; the other tasks go on.`
        : say`${behind.join(', ')} wait for it; the other tasks go on.`;
  return {
    id: `failed-${number}`,
    kind: 'task-failed',
    title: error ? say`${task.id} failed: ${error.message}` : say`${task.id} “${task.title}” is cancelled.`,
    question: [error?.hint, waits].filter(Boolean).join(' '),
    choices: [
      { id: RETRY, label: say`Try it again` },
      { id: SKIP, label: behind.length === 0 ? say`Go on without it` : say`Go on without it and ${behind.join(', ')}` },
      { id: STOP, label: say`Stop the run` },
    ],
    defaultChoice: RETRY,
    taskId: task.id,
  };
}

/** What tasks wait for of one another. */
export class Dependencies<T> {
  readonly #results: ReadonlyMap<string, PromiseWithResolvers<T>>;

  constructor(ids: readonly string[]) {
    this.#results = new Map(ids.map((id) => [id, Promise.withResolvers<T>()]));
    // Waited for by dependents only; without any, a failure is still thrown by the task's own branch.
    for (const { promise } of this.#results.values()) promise.catch(() => {});
  }

  /** What is not known is not waited for. */
  all(ids: readonly string[]): Promise<unknown> {
    return Promise.all(ids.map((id) => this.#results.get(id)?.promise));
  }

  resolve(id: string, value: T): void {
    this.#results.get(id)?.resolve(value);
  }

  reject(id: string, error: unknown): void {
    this.#results.get(id)?.reject(error);
  }
}
