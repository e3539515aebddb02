import assert from 'node:assert/strict';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { readPrompt } from '../../../src/models/demo/reading.ts';
import { until } from '../../../src/workflow/engine/abort.ts';
import { callTool, scriptedModel, text } from '../agents/scriptedModel.ts';
import type { Timed } from './plans.ts';

/** Agents whose model takes its time, in virtual time. */

/** How long the model takes for a call, about; a small task takes about 100. */
const TURN = 50;

/** Time that passes when every task that can be worked on waits for its model. */
export class ModelTime {
  now = 0;
  /** Each call of the model, as `T1 3`. */
  readonly calls: string[] = [];
  /** Asked before time passes: while it is true, none does until {@link goOn}. */
  isHeld: () => boolean = () => false;
  readonly #plan: Timed;
  readonly #sleeping = new Map<string, { readonly at: number; readonly wake: () => void; readonly isLast: boolean }>();
  readonly #begun = new Set<string>();
  readonly #done = new Set<string>();
  readonly #calledOff = new Set<string>();
  readonly #count: number;

  /** @param count tasks at once */
  constructor(plan: Timed, count: number) {
    this.#plan = plan;
    this.#count = count;
  }

  /** How many calls of the model a task takes. */
  callsOf(taskId: string): number {
    return Math.ceil((this.#plan.durations.get(taskId) ?? 0) / TURN);
  }

  /** The tasks that were at work and have lent their slots; none while somebody is still on the way to its model. */
  lent(): string[] {
    if (this.#sleeping.size < this.#count) return [];
    return [...this.#begun].filter((id) => !this.#done.has(id) && !this.#sleeping.has(id) && !this.#calledOff.has(id));
  }

  /** The tasks whose model is at work. */
  working(): string[] {
    return [...this.#sleeping.keys()];
  }

  callOff(taskId: string): void {
    this.#calledOff.add(taskId);
  }

  goOn(): void {
    this.isHeld = () => false;
    this.#advance();
  }

  /** @param call from 1 */
  async answer(taskId: string, call: number, signal?: AbortSignal): Promise<void> {
    this.calls.push(`${taskId} ${call}`);
    this.#calledOff.delete(taskId);
    const calls = this.callsOf(taskId);
    const at = this.now + (this.#plan.durations.get(taskId) ?? 0) / calls;
    this.#begun.add(taskId);
    const answered = new Promise<void>((wake) => {
      this.#sleeping.set(taskId, { at, wake, isLast: call >= calls });
      this.#advance();
    });
    const own = this.#sleeping.get(taskId);
    try {
      await (signal ? until(answered, signal) : answered);
    } catch (error) {
      if (own && this.#sleeping.get(taskId) === own) this.#sleeping.delete(taskId);
      throw error;
    }
  }

  #advance(): void {
    const open = this.#plan.tasks.filter(
      ({ id, dependsOn }) =>
        !this.#done.has(id) &&
        !this.#calledOff.has(id) &&
        (this.#begun.has(id) || dependsOn.every((other) => this.#done.has(other))),
    );
    // Somebody is still on the way to its model.
    if (this.#sleeping.size < Math.min(this.#count, open.length)) return;
    assert.ok(this.#sleeping.size <= this.#count);
    if (this.isHeld()) return;
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

export function slow(time: ModelTime): LanguageModelV4 {
  const report = text(JSON.stringify({ summary: 'done', documentation: '', tests: [], evidence: [] }));
  const model = scriptedModel(() => report);
  const looks = scriptedModel((n) => callTool('list_files', {}, `call-${n}`));
  return {
    ...model,
    async doStream(options) {
      const { taskId, turn } = readPrompt(options.prompt);
      if (taskId === null) return model.doStream(options);
      await time.answer(taskId, turn + 1, options.abortSignal);
      return turn + 1 < time.callsOf(taskId) ? looks.doStream(options) : model.doStream(options);
    },
  };
}
