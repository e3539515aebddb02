import { BY_TRIGGER } from '../../workflow/engine/ownWrites.ts';
import { asPlanwrightError } from '../../workflow/errors.ts';
import type { RunView } from '../../workflow/runState.ts';
import type { Trigger } from '../../workflow/triggers/definition.ts';
import { automatic, type Deciding } from '../automatic.ts';
import type { Decider } from '../decider.ts';
import type { RunFeed } from '../runFeed.ts';

export interface UnattendedOptions extends Deciding {
  readonly feed: RunFeed;
  /** Is the run worked on by this process? */
  readonly active: (runId: string) => boolean;
  readonly definitions: () => readonly Trigger[];
  readonly log: (text: string) => void;
}

/**
 * Decides for triggers that were given `"accept": "all"`, and for no others: the run must have been started so, and the
 * definition must say so still. Files that can run code, conflicts, low scores and failures wait for a developer.
 */
export class Unattended {
  readonly #options: UnattendedOptions;
  readonly #deciders = new Map<string, Decider>();
  readonly #atWork = new Set<string>();
  #disposed = false;

  constructor(options: UnattendedOptions) {
    this.#options = options;
  }

  /** To be called after each event of a run, and for each run when a process begins. */
  consider(view: RunView): void {
    if (this.#allowed(view) && !this.#atWork.has(view.runId)) void this.#work(view.runId);
  }

  dispose(): void {
    this.#disposed = true;
  }

  #allowed({ runId, trigger, status }: RunView): boolean {
    if (this.#disposed || trigger?.accept !== 'all' || !this.#options.active(runId)) return false;
    if (status !== 'in_progress' && status !== 'waiting') return false;
    return this.#options
      .definitions()
      .some(({ id, enabled, accept }) => id === trigger.id && enabled && accept === 'all');
  }

  async #work(runId: string): Promise<void> {
    this.#atWork.add(runId);
    try {
      for (;;) {
        const view = this.#options.feed.view(runId);
        if (!view || !this.#allowed(view) || (await this.#decideOne(view)) !== 'acted') return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      this.#options.log(`${runId}: nothing was decided unattended: ${asPlanwrightError(error).message}`);
    } finally {
      this.#atWork.delete(runId);
    }
  }

  async #decideOne(view: RunView): Promise<'acted' | 'idle' | 'quit'> {
    const by = `${BY_TRIGGER}${view.trigger?.id}`;
    const questions = view.openGates.find(({ kind }) => kind === 'questions');
    if (questions) {
      // With nobody there the planner's own defaults are taken, and listed as assumptions.
      this.#options.runner.decide(view.runId, questions.id, { choice: questions.defaultChoice, by });
      return 'acted';
    }
    const known = this.#deciders.get(view.runId) ?? automatic(this.#options, view.runId, 'all', by);
    this.#deciders.set(view.runId, known);
    return known.act(view, new AbortController().signal);
  }
}
