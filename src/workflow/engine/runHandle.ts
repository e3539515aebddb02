import type { z } from 'zod';
import { cancelled, PlanwrightError } from '../errors.ts';
import { type PhaseName, phaseNames } from '../schemas.ts';
import type { Decision, Gate, LiveEvent, RunEvent } from './events.ts';
import type { Execution } from './execution.ts';
import { hashOf } from './hash.ts';
import { withRetry } from './retry.ts';
import type { Run, StepOptions } from './run.ts';

/** How often a waiting gate looks whether another process has decided, in milliseconds. */
const POLL_MS = 500;

/** A {@link Run} over an {@link Execution}, in one name space. */
export class RunHandle implements Run {
  readonly #execution: Execution;
  readonly #scope: string;
  #events = 0;

  constructor(execution: Execution, scope = '') {
    this.#execution = execution;
    this.#scope = scope;
  }

  get id(): string {
    return this.#execution.runId;
  }

  get attempt(): number {
    return this.#execution.attempt;
  }

  get signal(): AbortSignal {
    return this.#execution.signal;
  }

  async step<T>(
    name: string,
    schema: z.ZodType<T>,
    fn: (signal: AbortSignal) => Promise<T>,
    options: StepOptions = {},
  ): Promise<T> {
    const { store, signal } = this.#execution;
    const full = this.#claim(name);
    const inputHash = hashOf(options.input);
    const known = store.step(this.id, this.attempt, full);
    if (known) {
      if (known.inputHash === inputHash) return schema.parse(known.result);
      throw this.#mismatch(full);
    }
    this.#execution.throwIfAborted();
    const value = await this.#execution.during('step', () => this.#perform(full, () => fn(signal), options));
    const result = plain(schema.parse(value));
    // Committed even when the run was cancelled meanwhile: it has been paid for.
    store.commitStep(this.id, this.attempt, full, { inputHash, result });
    this.#execution.throwIfAborted();
    return schema.parse(result);
  }

  async decide(gate: Gate): Promise<Decision> {
    const { store } = this.#execution;
    const id = this.#claim(gate.id);
    const full: Gate = { ...gate, id };
    store.openGate(this.id, this.attempt, full);
    store.appendEvent(this.id, this.attempt, { type: 'gate.opened', gate: full }, `gate-opened:${id}`);
    const decision =
      store.decision(this.id, this.attempt, id) ??
      (await this.#execution.during('waiting', () => this.#decisionOf(id)));
    store.appendEvent(this.id, this.attempt, { type: 'gate.decided', gateId: id, decision }, `gate-decided:${id}`);
    return decision;
  }

  async all<T>(
    branches: Readonly<Record<string, (run: Run) => Promise<T>>>,
    concurrency = Number.POSITIVE_INFINITY,
  ): Promise<Record<string, T>> {
    const entries = Object.entries(branches);
    const results: Record<string, T> = {};
    const failures: unknown[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let entry = entries[next++]; entry; entry = entries[next++]) {
        const [name, branch] = entry;
        try {
          results[name] = await branch(this.scoped(name));
        } catch (error) {
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, entries.length) }, worker));
    if (failures.length > 0) throw failures[0];
    return results;
  }

  scoped(name: string): Run {
    return new RunHandle(this.#execution, this.#named(name));
  }

  emit(event: RunEvent): void {
    const { store } = this.#execution;
    this.#events += 1;
    // The content is part of the key: a resumed run that takes another turn than the failed one says so.
    store.appendEvent(this.id, this.attempt, event, `${this.#scope}#${this.#events}:${hashOf(event).slice(0, 12)}`);
    if (event.type === 'phase.started') store.setPhase(this.id, event.phase);
  }

  live(event: Omit<LiveEvent, 'runId'>): void {
    this.#execution.live({ ...event, runId: this.id });
  }

  now(name: string): number {
    const { store, clock } = this.#execution;
    const full = this.#claim(name);
    const known = store.step(this.id, this.attempt, full);
    if (known) return Number(known.result);
    const now = clock.now();
    store.commitStep(this.id, this.attempt, full, { inputHash: hashOf(undefined), result: now });
    return now;
  }

  #perform<T>(name: string, fn: () => Promise<T>, { retry }: StepOptions): Promise<T> {
    if (!retry) return fn();
    const { store, clock, signal } = this.#execution;
    return withRetry(fn, retry, { clock, signal }, (count, delayMs, { code, message }) => {
      const event = { type: 'retry', step: name, retry: count, delayMs, error: { code, message } } as const;
      store.appendEvent(this.id, this.attempt, event, `retry:${name}:${clock.now()}:${count}`);
    });
  }

  /** Waits for a decision made here or by another process on the same database. */
  #decisionOf(id: string): Promise<Decision> {
    const { store, signal } = this.#execution;
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearInterval(timer);
        unsubscribe();
        signal.removeEventListener('abort', abort);
      };
      const look = () => {
        const decision = store.decision(this.id, this.attempt, id);
        if (!decision) return;
        stop();
        resolve(decision);
      };
      const abort = () => {
        stop();
        reject(cancelled());
      };
      const timer = setInterval(look, POLL_MS);
      const unsubscribe = store.subscribe(({ event }) => {
        if (event.type === 'gate.decided' && event.gateId === id) look();
      });
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      else look();
    });
  }

  #named(name: string): string {
    return this.#scope === '' ? name : `${this.#scope}/${name}`;
  }

  #claim(name: string): string {
    const full = this.#named(name);
    if (this.#execution.claim(full)) return full;
    throw new PlanwrightError(
      'INTERNAL',
      `The workflow used the name “${full}” twice, so its journal would not be clear.`,
    );
  }

  #mismatch(name: string): PlanwrightError {
    const phase = name.split('/', 1)[0] ?? '';
    const from = phaseNames.includes(phase as PhaseName) ? phase : phaseNames[0];
    return new PlanwrightError(
      'REPLAY_MISMATCH',
      `“${name}” now depends on something else than when its result was recorded.`,
      {
        hint: `Restart from the ${from} phase; the recorded attempt stays readable.`,
      },
    );
  }
}

function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
