import type { Task } from '../src/workflow/schemas.ts';
import { Seeded } from '../test/unit/edits/seeded.ts';
import { featurePlan, lengths, randomPlan, simpleBound, type Timed } from '../test/unit/schedule/plans.ts';
import { makespan } from '../test/unit/schedule/virtualTime.ts';

/**
 * How the scheduler fares when the sizes that planners give to tasks are wrong: what a plan takes over
 * max(critical path, work / concurrency), with slots lent between turns and with none lent, in virtual time.
 */

const PLANS = 300;
/** Longer than any task: it has no turn to lend its slot between. */
const NEVER = 1e9;

/** A task takes as long as its size says, times a factor; factors are spread evenly over the powers. */
const within = (factor: number) => (size: Task['size'], random: Seeded) =>
  lengths[size] * factor ** (2 * random.next() - 1);
const wrongness: readonly [said: string, duration: (size: Task['size'], random: Seeded) => number][] = [
  ['exact', (size) => lengths[size]],
  ['up to 1.3 times off', within(1.3)],
  ['up to 2 times off', within(2)],
  ['up to 4 times off', within(4)],
  ['without meaning', (_size, random) => 100 * 4 ** random.next()],
];
const shapes = { random: randomPlan, 'as planned': featurePlan };

console.log(
  '| plans | sizes are | lending: mean, 95 %, worst | not lending: mean, 95 %, worst | lending / not: mean, worst |',
);
console.log('| --- | --- | --- | --- | --- |');
for (const [shape, planOf] of Object.entries(shapes)) {
  for (const [said, duration] of wrongness) {
    const random = new Seeded(21);
    const [lending, plain, ratio]: number[][] = [[], [], []];
    for (let run = 0; run < PLANS; run++) {
      const { tasks } = planOf(random);
      const count = 2 + random.below(4);
      const plan: Timed = { tasks, durations: new Map(tasks.map(({ id, size }) => [id, duration(size, random)])) };
      const bound = simpleBound(plan, count);
      const [lent, kept] = [await makespan(plan, count), await makespan(plan, count, NEVER)];
      lending?.push(lent / bound);
      plain?.push(kept / bound);
      ratio?.push(lent / kept);
    }
    console.log(
      `| ${shape} | ${said} | ${told(lending, [0.95, 1])} | ${told(plain, [0.95, 1])} | ${told(ratio, [1])} |`,
    );
  }
}

/** The mean, and what such parts of them are at most. */
function told(values: readonly number[] = [], parts: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const upTo = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
  return [mean, ...parts.map(upTo)].map((value) => value.toFixed(3)).join(', ');
}
