import type { RunTrigger } from '../../workflow/engine/events.ts';
import type { Runner } from '../../workflow/engine/runner.ts';
import type { Store } from '../../workflow/engine/store.ts';
import { asPlanwrightError, PlanwrightError } from '../../workflow/errors.ts';
import type { Clock } from '../../workflow/ports.ts';
import type { Input, Output } from '../../workflow/schemas.ts';
import type { Trigger, TriggerOf } from '../../workflow/triggers/definition.ts';
import { fillInput } from '../../workflow/triggers/fill.ts';
import { type Match, matchOf, type Occurrence } from '../../workflow/triggers/occurrence.ts';
import { originOf } from '../../workflow/triggers/origin.ts';
import { type Fired, type Request, TriggerQueue } from '../../workflow/triggers/triggerQueue.ts';
import type { TriggerStore } from '../../workflow/triggers/triggerStore.ts';
import { askedBy, type Delivery, unauthorized, verify } from '../../workflow/triggers/webhook.ts';
import type { Deciding } from '../automatic.ts';
import type { TriggerAnswer, TriggerService, TriggerState } from '../http/triggerService.ts';
import type { RunFeed } from '../runFeed.ts';
import { Schedules } from './schedules.ts';
import { Unattended } from './unattended.ts';

export interface TriggerHostOptions extends Deciding {
  readonly store: Store;
  readonly memory: TriggerStore;
  readonly clock: Clock;
  readonly feed: RunFeed;
  readonly runner: Pick<Runner<Output>, 'decide' | 'active'>;
  /** See {@link TriggerQueue}. */
  readonly start: (input: Input, trigger: RunTrigger, alongside: (runId: string) => void) => string;
  /** A webhook's secret; undefined when none was set. */
  readonly secret: (triggerId: string) => Promise<string | undefined>;
  readonly log: (text: string) => void;
}

/** After these a run no longer keeps others waiting. */
const overs = ['workflow.completed', 'workflow.failed', 'workflow.cancelled', 'workflow.paused'];

/** How often to look whether something that waits can start, at least, in milliseconds. */
const LOOK_MS = 30_000;

/** The triggers of one workspace in one process: what happens comes in, runs go out. */
export class TriggerHost implements TriggerService {
  readonly #options: TriggerHostOptions;
  readonly #queue: TriggerQueue;
  readonly #unattended: Unattended;
  readonly #schedules: Schedules;
  readonly #unsubscribe: () => void;
  /** Triggers whose diagnostics are more than they may be. */
  readonly #over = new Set<string>();
  #triggers: readonly Trigger[] = [];
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: TriggerHostOptions) {
    this.#options = options;
    const { store, memory, clock, start, feed, runner } = options;
    const definitions = () => this.#triggers;
    this.#queue = new TriggerQueue({ store, triggers: memory, clock, definitions, start });
    this.#unattended = new Unattended({ ...options, definitions, active: (runId) => runner.active(runId) });
    this.#schedules = new Schedules({ ...options, queue: this.#queue });
    this.#unsubscribe = feed.onChange((view, { event }) => {
      this.#unattended.consider(view);
      if (overs.includes(event.type)) setImmediate(() => void this.#look());
    });
  }

  /**
   * Takes these definitions from now on.
   * @returns what is wrong with schedules; they do not run
   */
  async use(triggers: readonly Trigger[]): Promise<readonly string[]> {
    this.#triggers = triggers;
    const problems = await this.#schedules.use(
      triggers.filter((trigger): trigger is TriggerOf<'schedule'> => trigger.kind === 'schedule'),
    );
    for (const view of this.#options.feed.all()) this.#unattended.consider(view);
    await this.#look();
    return problems;
  }

  get definitions(): readonly Trigger[] {
    return this.#triggers;
  }

  /**
   * Something happened.
   * @param changedByOthers when somebody else last changed a file here, in milliseconds since the epoch; 0 when unknown
   */
  occurred(occurrence: Occurrence, changedByOthers = 0): void {
    const { store, clock, memory } = this.#options;
    for (const trigger of this.#triggers) {
      const match = this.#newMatch(trigger, occurrence);
      if (!match) continue;
      const about = { id: trigger.id, kind: trigger.kind, cause: match.cause };
      const origin = originOf(occurrence, store.own, changedByOthers, clock.now());
      if (origin.own) {
        memory.skip(about, origin.reason);
        continue;
      }
      try {
        const input = fillInput(inputOf(trigger), match.facts);
        this.#told(trigger, this.#queue.fire(trigger, { input, cause: match.cause, depth: origin.depth }));
      } catch (error) {
        this.#failed(trigger, match.cause, error);
      }
    }
  }

  async list(): Promise<readonly TriggerState[]> {
    return Promise.all(this.#triggers.map((trigger) => this.#state(trigger)));
  }

  async run(id: string): Promise<TriggerAnswer> {
    const trigger = this.#triggers.find((one) => one.id === id);
    if (!trigger) {
      throw new PlanwrightError('NOT_FOUND', `There is no trigger “${id}” here.`, {
        hint: 'List them to see which there are.',
      });
    }
    const request = await this.#inPerson(trigger);
    const fired = this.#queue.fire(trigger, { ...request, inPerson: true });
    this.#told(trigger, fired);
    return answerOf(fired);
  }

  async receive(id: string, delivery: Delivery): Promise<TriggerAnswer> {
    const trigger = this.#triggers.find((one) => one.id === id);
    if (trigger?.kind !== 'webhook' || !trigger.enabled) throw unauthorized();
    const { memory, clock, secret } = this.#options;
    const once = verify(trigger, delivery, await secret(id), clock.now());
    const asked = askedBy(trigger, delivery);
    if ('ignored' in asked) {
      return { outcome: 'ignored', reason: asked.ignored };
    }
    if (once.some(({ key }) => memory.recall(id, key) !== undefined)) {
      memory.skip({ id, kind: trigger.kind, cause: asked.cause }, 'it was received before');
    }
    const fired = this.#queue.fire(trigger, { ...asked, once });
    this.#told(trigger, fired);
    return answerOf(fired);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#unattended.dispose();
  }

  /** Null also for diagnostics that were too many before already: it is their becoming so that counts. */
  #newMatch(trigger: Trigger, occurrence: Occurrence): Match | null {
    const match = matchOf(trigger, occurrence);
    if (occurrence.kind !== 'diagnostics' || trigger.kind !== 'diagnostics') return match;
    const before = this.#over.has(trigger.id);
    if (match) this.#over.add(trigger.id);
    else this.#over.delete(trigger.id);
    return before ? null : match;
  }

  /** What is due, and what waited and can start now. */
  async #look(): Promise<void> {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    try {
      await this.#schedules.look((trigger, fired) => this.#told(trigger, fired));
      if (this.#disposed) return;
      if (this.#triggers.length > 0) this.#queue.pump();
    } catch (error) {
      this.#options.log(`Triggers: ${asPlanwrightError(error).message}`);
    }
    if (this.#disposed || this.#triggers.length === 0) return;
    clearTimeout(this.#timer);
    const next = this.#schedules.nextAt() ?? Number.POSITIVE_INFINITY;
    const wait = Math.max(0, Math.min(LOOK_MS, next - this.#options.clock.now()));
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #inPerson(trigger: Trigger): Promise<Request> {
    const cause = 'a developer ran it';
    if (trigger.kind === 'schedule' && trigger.batch) return { ...(await this.#schedules.nextOf(trigger)), cause };
    const input = 'input' in trigger ? trigger.input : undefined;
    if (input === undefined || /\{\{/.test(JSON.stringify(input))) {
      throw new PlanwrightError('CONFLICT', `“${trigger.id}” needs what its event tells it.`, {
        hint: 'Only what has no {{placeholders}} can be run by hand.',
      });
    }
    return { input: fillInput(input, {}), cause };
  }

  async #state(trigger: Trigger): Promise<TriggerState> {
    const { memory, secret } = this.#options;
    const [last] = memory.firings(trigger.id, 1);
    const noSecret = trigger.kind === 'webhook' && !(await secret(trigger.id));
    return {
      id: trigger.id,
      kind: trigger.kind,
      enabled: trigger.enabled,
      accept: trigger.accept,
      waiting: memory.waiting(trigger.id).length,
      last: last ? { at: last.at, cause: last.cause, outcome: last.outcome, reason: last.reason, run: last.run } : null,
      nextAt: trigger.kind === 'schedule' && trigger.enabled ? this.#schedules.nextOfTrigger(trigger) : null,
      problem: noSecret ? 'it has no secret yet' : this.#schedules.problemOf(trigger.id),
    };
  }

  #told({ id }: Trigger, fired: Fired): void {
    this.#options.log(
      fired.outcome === 'skipped'
        ? `Trigger ${id} was skipped: ${fired.reason}`
        : `Trigger ${id}: ${fired.run === null ? 'its request waits' : `run ${fired.run} started`}`,
    );
  }

  #failed({ id, kind }: Trigger, cause: string, error: unknown): void {
    const { message } = asPlanwrightError(error);
    this.#options.memory.skip({ id, kind, cause }, message);
    this.#options.log(`Trigger ${id}: ${message}`);
  }
}

function inputOf(trigger: Trigger) {
  return ('input' in trigger ? trigger.input : undefined) ?? { request: '' };
}

function answerOf(fired: Fired): TriggerAnswer {
  return fired.outcome === 'skipped' ? fired : { outcome: fired.outcome, run: fired.run };
}
