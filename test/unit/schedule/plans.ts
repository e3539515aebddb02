import { inDependencyOrder } from '../../../src/workflow/phases/dependencyOrder.ts';
import type { Task } from '../../../src/workflow/schemas.ts';
import type { Seeded } from '../edits/seeded.ts';

/** Plans to schedule, and how long each of their tasks takes, which no scheduler knows beforehand. */
export interface Timed {
  readonly tasks: readonly Task[];
  readonly durations: ReadonlyMap<string, number>;
}

const sizes = ['S', 'M', 'L'] as const;
export const lengths = { S: 100, M: 200, L: 400 };

export function task(id: string, dependsOn: string[], size: Task['size'] = 'S'): Task {
  return { id, title: id, description: '', dependsOn, requirements: ['R1'], files: [], tests: [], doneWhen: [], size };
}

/** Durations follow the size, give or take 30 %. */
function timed(tasks: readonly Task[], random: Seeded): Timed {
  return { tasks, durations: new Map(tasks.map(({ id, size }) => [id, lengths[size] * (0.7 + 0.6 * random.next())])) };
}

/** 5 to 40 tasks; each depends on up to three earlier ones. */
export function randomPlan(random: Seeded): Timed {
  const tasks = Array.from({ length: 5 + random.below(36) }, (_, n) => {
    const dependsOn = Array.from({ length: n === 0 ? 0 : random.below(4) }, () => `T${1 + random.below(n)}`);
    return task(`T${n + 1}`, [...new Set(dependsOn)], sizes[random.below(3)]);
  });
  return timed(tasks, random);
}

/** As planners write them: a foundation, features that build on it side by side, each with its tests, and an end. */
export function featurePlan(random: Seeded): Timed {
  const tasks = [task('T1', [], 'M')];
  const ends: string[] = [];
  const features = 2 + random.below(4);
  for (let feature = 0; feature < features; feature++) {
    let last = 'T1';
    for (let step = 0; step <= random.below(3); step++) {
      const id = `T${tasks.length + 1}`;
      tasks.push(task(id, [last], sizes[random.below(3)]));
      last = id;
    }
    ends.push(last);
  }
  tasks.push(task(`T${tasks.length + 1}`, ends, 'S'));
  return timed(tasks, random);
}

/** The longest chain before each task, and behind it. */
export function chains({ tasks, durations }: Timed) {
  const order = inDependencyOrder(tasks);
  const before = new Map<string, number>();
  const behind = new Map(tasks.map(({ id }) => [id, 0]));
  const length = (id: string) => durations.get(id) ?? 0;
  for (const { id, dependsOn } of order)
    before.set(id, Math.max(0, ...dependsOn.map((other) => (before.get(other) ?? 0) + length(other))));
  for (const { id, dependsOn } of order.toReversed())
    for (const other of dependsOn)
      behind.set(other, Math.max(behind.get(other) ?? 0, (behind.get(id) ?? 0) + length(id)));
  return { before, behind };
}

/** What no schedule beats: the longest chain, and the work shared out evenly. */
export function simpleBound(plan: Timed, count: number): number {
  const { before, behind } = chains(plan);
  const work = [...plan.durations.values()].reduce((sum, duration) => sum + duration, 0);
  const through = plan.tasks.map(
    ({ id }) => (before.get(id) ?? 0) + (plan.durations.get(id) ?? 0) + (behind.get(id) ?? 0),
  );
  return Math.max(work / count, ...through);
}
