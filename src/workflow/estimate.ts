import { inDependencyOrder } from './phases/dependencyOrder.ts';
import type { RunView } from './runState.ts';
import type { PhaseName, Task } from './schemas.ts';

/** How long things took in this workspace, in milliseconds; waiting for the developer left out. */
export interface DurationHistory {
  readonly phases: Readonly<Record<'planning' | 'review' | 'refinement', readonly number[]>>;
  readonly tasks: Readonly<Record<Task['size'], readonly number[]>>;
  /** From the first task's start to the last one's end, by run. */
  readonly implementations: readonly number[];
}

/** Collects the durations of whatever these runs have finished, failed runs included. */
export function durationHistory(views: readonly RunView[]): DurationHistory {
  const phases = { planning: [] as number[], review: [] as number[], refinement: [] as number[] };
  const tasks = { S: [] as number[], M: [] as number[], L: [] as number[] };
  const implementations: number[] = [];
  for (const view of views) {
    for (const name of ['planning', 'review', 'refinement'] as const) {
      const { state, startedAt, endedAt } = view.phases[name];
      if (state === 'skipped') phases[name].push(0);
      // The plan's approval comes when the phase is over, unless it sends the plan back.
      const waited = view.decisions.some(
        ({ gateId, at }) => gateId.startsWith(`${name}/`) && endedAt !== undefined && at <= endedAt,
      );
      if (state === 'done' && startedAt !== undefined && endedAt !== undefined && !waited)
        phases[name].push(endedAt - startedAt);
    }
    const ended = (view.plan?.tasks ?? []).flatMap(({ id, size }) => {
      const task = view.tasks[id];
      return task?.state === 'done' && task.startedAt !== null && task.endedAt !== null
        ? [{ size, startedAt: task.startedAt, endedAt: task.endedAt }]
        : [];
    });
    for (const { size, startedAt, endedAt } of ended) tasks[size].push(endedAt - startedAt);
    if (ended.length > 0 && ended.length === view.plan?.tasks.length) {
      const start = Math.min(...ended.map(({ startedAt }) => startedAt));
      implementations.push(Math.max(...ended.map(({ endedAt }) => endedAt)) - start);
    }
  }
  return { phases, tasks, implementations };
}

/**
 * When the agents will be done, in milliseconds since the epoch: what is left of the current phase and all of the
 * later ones, at the median pace of this workspace. What the developer takes to decide cannot be known and is not
 * in it. Null for a run that waits or has ended, and while there is no history to go by.
 * @param concurrency how many tasks are worked on at once
 */
export function estimateCompletion(
  view: RunView,
  history: DurationHistory,
  now: number,
  concurrency: number,
): number | null {
  if (view.status !== 'in_progress') return null;
  const left = [
    phaseLeft(view, 'planning', history, now),
    phaseLeft(view, 'review', history, now),
    phaseLeft(view, 'refinement', history, now),
    implementationLeft(view, history, now, concurrency),
  ];
  return left.some((ms) => ms === null) ? null : now + left.reduce<number>((sum, ms) => sum + (ms ?? 0), 0);
}

function phaseLeft(
  view: RunView,
  name: Exclude<PhaseName, 'implementation'>,
  { phases }: DurationHistory,
  now: number,
): number | null {
  const { state, startedAt } = view.phases[name];
  if (state === 'done' || state === 'skipped') return 0;
  const usual = median(phases[name]);
  if (usual === null) return null;
  return state === 'active' && startedAt !== undefined ? Math.max(0, usual - (now - startedAt)) : usual;
}

/** With a plan, the tasks that are left are laid out over the slots there are, in dependency order. */
function implementationLeft(view: RunView, history: DurationHistory, now: number, concurrency: number): number | null {
  if (view.plan === null || view.phases.implementation.state === 'pending') return median(history.implementations);
  const all = median([...history.tasks.S, ...history.tasks.M, ...history.tasks.L, ...ownTasks(view)]);
  const ends = new Map<string, number>();
  const slots: number[] = new Array(Math.max(1, concurrency)).fill(0);
  const running = ({ id }: Task) => (view.tasks[id]?.state === 'running' ? 0 : 1);
  const order = inDependencyOrder(view.plan.tasks).sort((a, b) => running(a) - running(b)); // They have their slots.
  for (const { id, size, dependsOn } of order) {
    const task = view.tasks[id];
    if (task?.state === 'done') {
      ends.set(id, 0);
      continue;
    }
    const usual = median(history.tasks[size]) ?? all;
    if (usual === null) return null;
    const spent = task?.state === 'running' && task.startedAt !== null ? now - task.startedAt : 0;
    const slot = slots.indexOf(Math.min(...slots));
    const start = Math.max(slots[slot] ?? 0, ...dependsOn.map((other) => ends.get(other) ?? 0));
    const end = start + Math.max(0, usual - spent);
    slots[slot] = end;
    ends.set(id, end);
  }
  return Math.max(0, ...ends.values());
}

/** What this run's own tasks took so far. */
function ownTasks({ tasks }: RunView): number[] {
  return Object.values(tasks).flatMap(({ state, startedAt, endedAt }) =>
    state === 'done' && startedAt !== null && endedAt !== null ? [endedAt - startedAt] : [],
  );
}

/** The middle value; of two middle ones their mean. Null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
