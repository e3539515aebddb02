import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { text } from '../agents/scriptedModel.ts';
import { Seeded } from '../edits/seeded.ts';
import { plan as planOf } from '../runState/events.ts';
import { review, start } from '../workflow/greeter.ts';
import { isImpossible } from './impossible.ts';
import { ModelTime, slow } from './modelTime.ts';
import { featurePlan, randomPlan, simpleBound } from './plans.ts';

/** The whole implementation phase with agents whose model takes its time: virtual time, everything else is real. */

const COUNT = 3;

test('agents at work keep the schedule: 12 plans, each within 1.1 of the bound or of what can be proved', async (t) => {
  const random = new Seeded(11);
  const ratios: number[] = [];
  let proved = 0;
  for (let run = 0; run < 12; run++) {
    const plan = run % 2 === 0 ? randomPlan(random) : featurePlan(random);
    const time = new ModelTime(plan, COUNT);
    const settings = { approvePlan: false, askQuestions: false, threshold: 0, concurrency: COUNT };
    const agents = { reviewer: () => text(JSON.stringify(review(10))) };
    const { done, view, id } = start(
      t,
      agents,
      {},
      {
        settings,
        over: { plan: planOf(...plan.tasks) },
        implementer: slow(time),
        clock: { ...systemClock, now: () => Math.round(time.now) },
      },
    );
    await done;
    assert.equal(view(id).status, 'completed', JSON.stringify(view(id).error));
    const ratio = time.now / simpleBound(plan, COUNT);
    ratios.push(ratio);
    if (ratio <= 1.1) continue;
    assert.equal(isImpossible(plan, COUNT, time.now / 1.1), true, `plan ${run}: ${ratio}`);
    proved += 1;
  }
  t.diagnostic(
    `${12 - proved} of 12 within 1.1 of the bound, worst ${Math.max(...ratios).toFixed(3)}; the other ${proved} provably within 1.1 of the best`,
  );
});
