import { cancelled, PlanwrightError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { RunStatus } from '../schemas.ts';
import type { AttemptAtWork } from './attempt.ts';
import { CallOffs } from './callOffs.ts';
import type { LiveEvent } from './events.ts';
import { Holds } from './holds.ts';
import { RateGate } from './rateGate.ts';
import type { Store } from './store.ts';

/** How long work that was told to stop may take to do so, in milliseconds; then the run ends without it. */
const STOP_MS = 500;

export interface ExecutionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly runId: string;
  readonly attempt: number;
  /** Who holds the run's lease. */
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly live: (event: LiveEvent) => void;
}

/** One pass of the workflow function over one attempt, and what all its handles share. */
export class Execution implements AttemptAtWork {
  readonly store: Store;
  readonly clock: Clock;
  readonly runId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly live: (event: LiveEvent) => void;
  readonly holds = new Holds(this);
  readonly #rateGates = new Map<string, RateGate>();
  readonly callOffs = new CallOffs(this);
  readonly #owner: string;
  readonly #usedNames = new Set<string>();
  /** Steps the journal had when this pass began. */
  readonly #recorded: ReadonlySet<string>;
  /** Those of them that it has not asked for yet, by name space. */
  readonly #unread = new Map<string, Set<string>>();
  #status: RunStatus | undefined;
  #steps = 0;
  #waiting = 0;

  constructor({ store, clock, runId, attempt, owner, signal, live }: ExecutionOptions) {
    this.store = store;
    this.clock = clock;
    this.runId = runId;
    this.attempt = attempt;
    this.signal = signal;
    this.live = live;
    this.#owner = owner;
    this.#recorded = new Set(store.stepNames(runId, attempt));
    for (const name of this.#recorded) {
      const scope = scopeOf(name);
      const names = this.#unread.get(scope) ?? new Set();
      this.#unread.set(scope, names.add(name));
    }
  }

  /** The gate before a provider that all branches share. */
  rateGate(provider: string): RateGate {
    const gate = this.#rateGates.get(provider) ?? new RateGate(this.clock);
    this.#rateGates.set(provider, gate);
    return gate;
  }

  isRecorded(name: string): boolean {
    return this.#recorded.has(name);
  }

  /** False when this pass has used the name before. */
  claim(name: string): boolean {
    if (this.#usedNames.has(name)) return false;
    this.#usedNames.add(name);
    const unread = this.#unread.get(scopeOf(name));
    if (unread?.delete(name) && unread.size === 0) this.#unread.delete(scopeOf(name));
    return true;
  }

  /** A step the journal has in the name space of `name` and that this pass has not asked for. */
  unreadBeside(name: string): string | undefined {
    return this.#unread.get(scopeOf(name))?.values().next().value;
  }

  /** @throws PlanwrightError RUN_BUSY when another process has taken the run over meanwhile; nothing is written then */
  commit(name: string, step: { readonly inputHash: string; readonly json: string; readonly onDisk: boolean }): void {
    if (this.store.commitStep(this.runId, this.attempt, name, step, this.#owner)) return;
    throw new PlanwrightError('RUN_BUSY', 'Another window has taken over this run.', {
      hint: 'It goes on there; this window shows it.',
    });
  }

  /** As `work`, but ends soon after the signal aborts, also when the work does not listen. */
  stoppable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => setTimeout(() => reject(cancelled()), STOP_MS).unref();
      signal.addEventListener('abort', stop, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
      if (signal.aborted) stop();
    });
  }

  async during<T>(what: 'step' | 'waiting', work: () => Promise<T>): Promise<T> {
    this.#count(what, 1);
    try {
      return await work();
    } finally {
      this.#count(what, -1);
    }
  }

  /** A run waits when a gate is open and nothing is being worked on. */
  #count(what: 'step' | 'waiting', by: number): void {
    if (what === 'step') this.#steps += by;
    else this.#waiting += by;
    const status = this.#waiting > 0 && this.#steps === 0 ? 'waiting' : 'in_progress';
    if (this.signal.aborted || status === this.#status) return;
    this.#status = status;
    this.store.setStatus(this.runId, status);
  }
}

function scopeOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}
