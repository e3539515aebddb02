import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { readPrompt } from '../../../src/models/demo/reading.ts';
import type { Plan } from '../../../src/workflow/schemas.ts';
import { callTool, scriptedModel, text } from '../agents/scriptedModel.ts';
import { Seeded } from '../edits/seeded.ts';
import { review, start } from '../workflow/greeter.ts';
import { isImpossible } from './impossible.ts';
import { featurePlan, randomPlan, simpleBound, type Timed } from './plans.ts';

/** The whole implementation phase with agents whose model takes its time: virtual time, everything else is real. */

const COUNT = 3;
/** How long the model takes for a call, about; a small task takes about 100. */
const TURN = 50;

/** Time that passes when every task that can be worked on waits for its model. */
class ModelTime {
  now = 0;
  readonly #plan: Timed;
  readonly #sleeping = new Map<string, { readonly at: number; readonly wake: () => void; readonly isLast: boolean }>();
  readonly #begun = new Set<string>();
  readonly #done = new Set<string>();

  constructor(plan: Timed) {
    this.#plan = plan;
  }

  /** How many calls of the model a task takes. */
  callsOf(taskId: string): number {
    return Math.ceil((this.#plan.durations.get(taskId) ?? 0) / TURN);
  }

  /** @param call from 1 */
  async answer(taskId: string, call: number): Promise<void> {
    const calls = this.callsOf(taskId);
    const at = this.now + (this.#plan.durations.get(taskId) ?? 0) / calls;
    this.#begun.add(taskId);
    await new Promise<void>((wake) => {
      this.#sleeping.set(taskId, { at, wake, isLast: call >= calls });
      this.#advance();
    });
  }

  #advance(): void {
    const open = this.#plan.tasks.filter(
      ({ id, dependsOn }) =>
        !this.#done.has(id) && (this.#begun.has(id) || dependsOn.every((other) => this.#done.has(other))),
    );
    // Somebody is still on the way to its model.
    if (this.#sleeping.size < Math.min(COUNT, open.length)) return;
    assert.ok(this.#sleeping.size <= COUNT);
    const [next] = [...this.#sleeping].sort(([, a], [, b]) => a.at - b.at);
    if (!next) return;
    const [id, { at, wake, isLast }] = next;
    this.#sleeping.delete(id);
    if (isLast) this.#done.add(id);
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
  const looks = scriptedModel((n) => callTool('list_files', {}, `call-${n}`));
  return {
    ...model,
    async doStream(options) {
      const { taskId, turn } = readPrompt(options.prompt);
      if (taskId === null) return model.doStream(options);
      await time.answer(taskId, turn + 1);
      return turn + 1 < time.callsOf(taskId) ? looks.doStream(options) : model.doStream(options);
    },
  };
}

test('agents at work keep the schedule: 12 plans, each within 1.1 of the bound or of what can be proved', async (t) => {
  const random = new Seeded(11);
  const ratios: number[] = [];
  let proved = 0;
  for (let run = 0; run < 12; run++) {
    const plan = run % 2 === 0 ? randomPlan(random) : featurePlan(random);
    const time = new ModelTime(plan);
    const settings = { approvePlan: false, askQuestions: false, threshold: 0, concurrency: COUNT };
    const agents = { reviewer: () => text(JSON.stringify(review(10))) };
    const { done, view, id } = start(
      t,
      agents,
      {},
      {
        settings,
        over: { plan: planned(plan) },
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
