import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Seeded } from '../edits/seeded.ts';
import { isImpossible } from './impossible.ts';
import { featurePlan, randomPlan, simpleBound } from './plans.ts';
import { makespan } from './virtualTime.ts';

/** A thousand plans, in a thread of its own: the test runner follows every promise of its own, which takes most of the time. */

const shapes = { random: randomPlan, feature: featurePlan };
export type Shape = keyof typeof shapes;

export interface Simulated {
  /** How long each plan took, in parts of what no schedule beats. */
  readonly ratios: readonly number[];
  /** The plans over 1.1 of that for which it is proved that no schedule is more than 1.1 times faster. */
  readonly impossible: number;
}

async function simulate(shape: Shape): Promise<Simulated> {
  const random = new Seeded(7);
  const ratios: number[] = [];
  let impossible = 0;
  for (let run = 0; run < 1000; run++) {
    const plan = shapes[shape](random);
    const count = 2 + random.below(4);
    const took = await makespan(plan, count);
    const ratio = took / simpleBound(plan, count);
    ratios.push(ratio);
    if (ratio > 1.1 && isImpossible(plan, count, took / 1.1)) impossible += 1;
  }
  return { ratios, impossible };
}

export function simulated(shape: Shape): Promise<Simulated> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { shape } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The simulation ended without a result.')));
  });
}

if (parentPort) parentPort.postMessage(await simulate((workerData as { shape: Shape }).shape));
