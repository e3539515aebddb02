import type { Store } from '../../workflow/engine/store.ts';
import { asPlanwrightError, PlanwrightError } from '../../workflow/errors.ts';
import type { Clock, Workspace } from '../../workflow/ports.ts';
import type { BatchItem } from '../../workflow/triggers/batch.ts';
import type { Trigger, TriggerOf } from '../../workflow/triggers/definition.ts';
import { fillInput } from '../../workflow/triggers/fill.ts';
import type { Fired, Request, TriggerQueue } from '../../workflow/triggers/triggerQueue.ts';
import type { TriggerStore } from '../../workflow/triggers/triggerStore.ts';
import type { Once } from '../../workflow/triggers/webhook.ts';

type Schedule = TriggerOf<'schedule'>;
type Module = typeof import('../../workflow/triggers/schedule.ts') & typeof import('../../workflow/triggers/batch.ts');

export interface SchedulesOptions {
  readonly store: Store;
  readonly memory: TriggerStore;
  readonly clock: Clock;
  readonly workspace: Pick<Workspace, 'listFiles' | 'read'>;
  readonly queue: TriggerQueue;
}

/** Remembered while a batch that is worked through in one go is not at its end. */
const OPEN = 'batch-open';

/** The triggers that have a time. What reads cron expressions is loaded when there is one. */
export class Schedules {
  readonly #options: SchedulesOptions;
  #problems: ReadonlyMap<string, string> = new Map();
  #schedules: readonly Schedule[] = [];
  #module: Module | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: SchedulesOptions) {
    this.#options = options;
  }

  /** @returns what is wrong with them; those do not run */
  async use(schedules: readonly Schedule[]): Promise<readonly string[]> {
    this.#problems = new Map();
    this.#schedules = [];
    if (schedules.length === 0) return [];
    this.#module ??= {
      ...(await import('../../workflow/triggers/schedule.ts')),
      ...(await import('../../workflow/triggers/batch.ts')),
    };
    this.#problems = this.#module.scheduleProblems(schedules);
    this.#schedules = schedules.filter(({ id, enabled }) => enabled && !this.#problems.has(id));
    return [...this.#problems.values()];
  }

  problemOf(id: string): string | null {
    return this.#problems.get(id) ?? null;
  }

  /** When the first of them is due; null when none ever is. */
  nextAt(): number | null {
    const times = this.#schedules.flatMap((schedule) => this.nextOfTrigger(schedule) ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** When it is due next. */
  nextOfTrigger(schedule: Schedule): number | null {
    if (!this.#module || this.#problems.has(schedule.id)) return null;
    const now = this.#options.clock.now();
    const last = Number(this.#options.memory.recall(schedule.id, this.#module.memoryKey(schedule)) ?? now);
    return this.#module.nextTime(schedule, Math.min(last, now));
  }

  /** Fires what is due, and goes on with batches; one look at a time. */
  look(told: (trigger: Trigger, fired: Fired) => void): Promise<void> {
    const looked = this.#looking.then(async () => {
      for (const schedule of this.#schedules) await this.#lookAt(schedule, told);
    });
    this.#looking = looked.catch(() => {});
    return looked;
  }

  /** The next request of a batch. @throws PlanwrightError NOT_FOUND when none is left */
  async nextOf(schedule: Schedule): Promise<Pick<Request, 'input' | 'once'>> {
    const item = await this.#nextItem(schedule);
    if (item) return { input: item.input(), once: [onceOf(item)] };
    throw new PlanwrightError('NOT_FOUND', `Nothing is left of the batch of “${schedule.id}”.`, {
      hint: 'Add requests to it, or change one: changed ones count anew.',
    });
  }

  async #lookAt(schedule: Schedule, told: (trigger: Trigger, fired: Fired) => void): Promise<void> {
    const { memory, clock } = this.#options;
    const { memoryKey, dueAt, slotOnce } = this.#module as Module;
    const key = memoryKey(schedule);
    const known = memory.recall(schedule.id, key);
    // From now on; so too when the clock was put back. What has run by then is remembered apart, and runs once.
    if (known === undefined || Number(known) > clock.now()) {
      memory.exchange(schedule.id, key, known, String(clock.now()));
      return;
    }
    const due = dueAt(schedule, Number(known), clock.now());
    if (due) {
      const late = due.missed === 0 ? '' : `, ${due.missed} earlier ${due.missed === 1 ? 'time' : 'times'} missed`;
      const cause = `it was due at ${new Date(due.slot).toISOString()}${late}`;
      if (schedule.batch?.pace === 'one-after-another') this.#open(schedule);
      else await this.#fire(schedule, cause, [slotOnce(schedule, due.slot)], told);
      memory.exchange(schedule.id, key, known, String(due.slot));
    }
    if (memory.recall(schedule.id, OPEN) === '1') await this.#goOn(schedule, told);
  }

  async #fire(
    schedule: Schedule,
    cause: string,
    once: readonly Once[],
    told: (trigger: Trigger, fired: Fired) => void,
    inPerson = false,
  ): Promise<void> {
    const { memory, queue } = this.#options;
    const about = { id: schedule.id, kind: schedule.kind, cause };
    const item = schedule.batch ? await this.#nextItem(schedule) : null;
    if (item === undefined) return memory.skip(about, 'nothing is left of its batch');
    const named = item ? `${item.name}: ${cause}` : cause;
    try {
      const input = item ? item.input() : fillInput(schedule.input ?? { request: '' }, {});
      const onces = item ? [...once, onceOf(item)] : once;
      told(schedule, queue.fire(schedule, { input, cause: named, once: onces, inPerson }));
    } catch (thrown) {
      const { code, message } = asPlanwrightError(thrown);
      if (code === 'CONFLICT') return; // Another process was quicker.
      if (code !== 'INVALID_INPUT') throw thrown;
      memory.skip({ ...about, cause: named }, message);
      if (item) memory.claim(schedule.id, [onceOf(item)]);
    }
  }

  #open(schedule: Schedule): void {
    const { memory } = this.#options;
    memory.exchange(schedule.id, OPEN, memory.recall(schedule.id, OPEN), '1');
  }

  /** The next of a batch once the one before is over. */
  async #goOn(schedule: Schedule, told: (trigger: Trigger, fired: Fired) => void): Promise<void> {
    const { memory } = this.#options;
    while (!memory.busy() && memory.waiting(schedule.id).length === 0) {
      if (!(await this.#nextItem(schedule))) {
        memory.exchange(schedule.id, OPEN, '1', '0');
        return;
      }
      // Whoever made the list has said how many there are: hourly limits would only keep it from its end.
      await this.#fire(schedule, 'next of its batch', [], told, true);
    }
  }

  async #nextItem(schedule: Schedule): Promise<BatchItem | undefined> {
    const { store, memory, workspace } = this.#options;
    if (!schedule.batch || !this.#module) return undefined;
    const isOwn = (path: string, hash: string) => store.own.same(path, hash) !== undefined;
    const items = await this.#module.batchItems(schedule.batch, workspace, isOwn);
    return items.find(({ key }) => memory.recall(schedule.id, key) === undefined);
  }
}

function onceOf({ key }: BatchItem): Once {
  return { key, expiresAt: null };
}
