import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { readPrompt } from '../../../src/models/demo/reading.ts';
import type { Plan } from '../../../src/workflow/schemas.ts';
import { scriptedModel, text } from '../agents/scriptedModel.ts';
import { Seeded } from '../edits/seeded.ts';
import { review, start } from '../workflow/greeter.ts';
import { isImpossible } from './impossible.ts';
import { featurePlan, randomPlan, simpleBound, type Timed } from './plans.ts';

/** The whole implementation phase with agents whose model takes its time: virtual time, everything else is real. */

const COUNT = 3;

/** Time that passes when every task that can be worked on waits for its model. */
class ModelTime {
  now = 0;
  readonly #plan: Timed;
  readonly #sleeping = new Map<string, { readonly at: number; readonly wake: () => void }>();
  readonly #done = new Set<string>();

  constructor(plan: Timed) {
    this.#plan = plan;
  }

  async answerFor(taskId: string): Promise<void> {
    const at = this.now + (this.#plan.durations.get(taskId) ?? 0);
    await new Promise<void>((wake) => {
      this.#sleeping.set(taskId, { at, wake });
      this.#advance();
    });
  }

  #advance(): void {
    const started = (id: string) => this.#sleeping.has(id) || this.#done.has(id);
    const ready = this.#plan.tasks.filter(
      ({ id, dependsOn }) => !started(id) && dependsOn.every((other) => this.#done.has(other)),
    );
    // Somebody is still on the way to its model.
    if (this.#sleeping.size < Math.min(COUNT, this.#sleeping.size + ready.length)) return;
    const [next] = [...this.#sleeping].sort(([, a], [, b]) => a.at - b.at);
    if (!next) return;
    const [id, { at, wake }] = next;
    this.#sleeping.delete(id);
    this.#done.add(id);
    this.now = at;
    wake();
    // The last of what runs side by side has nobody to be woken by.
    if (this.#sleeping.size > 0) this.#advance();
  }
}

function planned({ tasks }: Timed): Plan {
  return {
    title: 'Many tasks',
    summary: '',
    requirements: [{ id: 'R1', text: 'Greets by name', source: 'given' }],
    architecture: { overview: '', components: [], decisions: [] },
    tasks: [...tasks],
    successMetrics: [],
    risks: [],
    assumptions: [],
    outOfScope: [],
  };
}

function slow(time: ModelTime): LanguageModelV4 {
  const report = text(JSON.stringify({ summary: 'done', documentation: '', tests: [], evidence: [] }));
  const model = scriptedModel(() => report);
  return {
    ...model,
    async doStream(options) {
      const { taskId } = readPrompt(options.prompt);
      if (taskId !== null) await time.answerFor(taskId);
      return model.doStream(options);
    },
  };
}

test('agents at work keep the schedule: 20 plans, each within 1.1 of the bound or of what can be proved', async (t) => {
  const random = new Seeded(11);
  const ratios: number[] = [];
  let proved = 0;
  for (let run = 0; run < 20; run++) {
    const plan = run % 2 === 0 ? randomPlan(random) : featurePlan(random);
    const time = new ModelTime(plan);
    const settings = { approvePlan: false, askQuestions: false, threshold: 0, concurrency: COUNT };
    const agents = { reviewer: () => text(JSON.stringify(review(10))) };
    const { done, view, id } = start(
      t,
      agents,
      {},
      { settings, over: { plan: planned(plan) }, implementer: slow(time) },
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
    `${20 - proved} of 20 within 1.1 of the bound, worst ${Math.max(...ratios).toFixed(3)}; the other ${proved} provably within 1.1 of the best`,
  );
});
