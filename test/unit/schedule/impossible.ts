import { inDependencyOrder } from '../../../src/workflow/phases/dependencyOrder.ts';
import { chains, type Timed } from './plans.ts';

/**
 * Proofs that no schedule, not even one that knows every duration beforehand, carries out a plan in a given time with
 * `count` tasks at once, none interrupted.
 */

const SLACK = 1e-6;

interface Problem {
  readonly count: number;
  readonly within: number;
  /** Per task, in dependency order: how long it takes, the longest chain behind it, what it waits for. */
  readonly length: readonly number[];
  readonly before: readonly number[];
  readonly behind: readonly number[];
  readonly waitsFor: readonly (readonly number[])[];
}

/** True when it is proved; null when the search is too long to tell. */
export function isImpossible(plan: Timed, count: number, within: number, maxNodes = 1_000_000): boolean | null {
  const order = inDependencyOrder(plan.tasks);
  const at = new Map(order.map(({ id }, index) => [id, index]));
  const { before, behind } = chains(plan);
  const problem: Problem = {
    count,
    within,
    length: order.map(({ id }) => plan.durations.get(id) ?? 0),
    before: order.map(({ id }) => before.get(id) ?? 0),
    behind: order.map(({ id }) => behind.get(id) ?? 0),
    waitsFor: order.map(({ dependsOn }) => dependsOn.map((id) => at.get(id) ?? 0)),
  };
  if (lacksEnergy(problem)) return true;
  const found = search(problem, maxNodes);
  return found === null ? null : !found;
}

/**
 * The energetic argument: between two moments every task must do at least what is left of it when it is pushed as far
 * out as its chains allow; more than `count` tasks' worth does not fit (Erschler, Lopez and Thuriot, 1991).
 */
function lacksEnergy({ count, within, length, before, behind }: Problem): boolean {
  const latest = behind.map((chain) => within - chain);
  const pieces = length.map((p, i) => ({ p, early: before[i] ?? 0, late: latest[i] ?? 0 }));
  if (pieces.some(({ p, early, late }) => early + p > late + SLACK)) return true;
  const moments = [...new Set(pieces.flatMap(({ p, early, late }) => [early, late, early + p, late - p]))].sort(
    (a, b) => a - b,
  );
  return moments.some((from, index) =>
    moments.slice(index + 1).some((to) => {
      const must = pieces.reduce(
        (sum, { p, early, late }) => sum + Math.max(0, Math.min(p, to - from, early + p - from, to - (late - p))),
        0,
      );
      return must > count * (to - from) + SLACK;
    }),
  );
}

/**
 * Looks through all active schedules, of which one is always among the best: in the order of their starts, no task
 * starts after another one that could have been over by then (Giffler and Thompson, 1960).
 */
function search({ count, within, length, behind, waitsFor }: Problem, maxNodes: number): boolean | null {
  const end = length.map(() => -1);
  let nodes = 0;
  const isPlaced = (i: number) => (end[i] ?? -1) >= 0;
  const visit = (free: readonly number[], now: number, left: number, work: number): boolean | null => {
    if (left === 0) return true;
    nodes += 1;
    if (nodes > maxNodes) return null;
    const first = Math.min(...free);
    if (work > free.reduce((sum, from) => sum + within - Math.max(from, now), 0) + SLACK) return false;
    const start = length.map(() => 0);
    for (const [i, p] of length.entries()) {
      if (isPlaced(i)) continue;
      const ready = (waitsFor[i] ?? []).map((j) => (isPlaced(j) ? (end[j] ?? 0) : (start[j] ?? 0) + (length[j] ?? 0)));
      start[i] = Math.max(now, first, ...ready);
      if ((start[i] ?? 0) + p + (behind[i] ?? 0) > within + SLACK) return false;
    }
    const startOf = (i: number) => start[i] ?? 0;
    const endOf = (i: number) => startOf(i) + (length[i] ?? 0);
    const eligible = [...length.keys()].filter((i) => !isPlaced(i) && (waitsFor[i] ?? []).every(isPlaced));
    const horizon = Math.min(...eligible.map(endOf));
    const candidates = eligible.filter((i) => startOf(i) < horizon - SLACK).sort((a, b) => startOf(a) - startOf(b));
    let isSure = true;
    for (const i of candidates) {
      end[i] = endOf(i);
      const found = visit(free.with(free.indexOf(first), endOf(i)), startOf(i), left - 1, work - (length[i] ?? 0));
      end[i] = -1;
      if (found) return true;
      if (found === null) isSure = false;
    }
    return isSure ? false : null;
  };
  const work = length.reduce((sum, p) => sum + p, 0);
  return visit(
    Array.from({ length: count }, () => 0),
    0,
    length.length,
    work,
  );
}
