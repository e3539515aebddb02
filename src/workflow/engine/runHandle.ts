import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { asPlanwrightError, cancelled, type ErrorInfo, errorInfo, PlanwrightError } from '../errors.ts';
import { type PhaseName, phaseNames } from '../schemas.ts';
import { say } from '../words/say.ts';
import { until } from './abort.ts';
import type { Decision, Gate, LiveEvent, RunEvent } from './events.ts';
import type { Execution } from './execution.ts';
import { awaitDecision, openGate } from './gates.ts';
import { hashOf } from './hash.ts';
import { withRetry } from './retry.ts';
import type { Run, StepOptions, TryOutcome } from './run.ts';

/** A {@link Run} over an {@link Execution}, in one name space. */
export class RunHandle implements Run {
  readonly #execution: Execution;
  readonly #scope: string;
  readonly signal: AbortSignal;
  #events = 0;

  constructor(execution: Execution, scope = '', signal = execution.signal) {
    this.#execution = execution;
    this.#scope = scope;
    this.signal = signal;
  }

  get id(): string {
    return this.#execution.runId;
  }

  get attempt(): number {
    return this.#execution.attempt;
  }

  async step<T>(
    name: string,
    schema: z.ZodType<T>,
    fn: (signal: AbortSignal) => Promise<T>,
    options: StepOptions = {},
  ): Promise<T> {
    const { store } = this.#execution;
    const full = this.#claim(name);
    const inputHash = hashOf(options.input);
    if (this.#execution.isRecorded(full)) {
      const known = store.step(this.id, this.attempt, full);
      if (known?.inputHash === inputHash) return schema.parse(known.result);
      throw mismatch(full, say`“${full}” now depends on something else than when its result was recorded.`);
    }
    if (this.#execution.unreadBeside(full) !== undefined) await this.#checkOrder(full);
    this.#throwIfAborted();
    const value = await this.#perform(full, () => fn(this.signal), options);
    const json = JSON.stringify(schema.parse(value)) ?? 'null';
    // Committed even when the run was cancelled meanwhile: it has been paid for.
    this.#execution.commit(full, { inputHash, json, onDisk: options.durability === 'disk' });
    this.#throwIfAborted();
    return schema.parse(JSON.parse(json));
  }

  async tryOut<T>(
    name: string,
    work: (run: Run) => Promise<T>,
    isItsOwn: (error: PlanwrightError) => boolean,
  ): Promise<TryOutcome<T>> {
    const execution = this.#execution;
    const full = this.#claim(name);
    const known = execution.isRecorded(full)
      ? (execution.store.step(this.id, this.attempt, full)?.result as { outcome: 'done' } | TryOutcome<never>)
      : undefined;
    if (known && known.outcome !== 'done') return known;
    const callOff = new AbortController();
    const forget = known ? () => {} : execution.callOffs.on(full, () => callOff.abort());
    const signal = AbortSignal.any([this.signal, callOff.signal]);
    const record = (came: { outcome: TryOutcome<T>['outcome']; error?: ErrorInfo }) => {
      if (known) return;
      execution.commit(full, { inputHash: hashOf(undefined), json: JSON.stringify(came), onDisk: false });
    };
    try {
      const value = await work(new RunHandle(execution, this.#scope, signal));
      record({ outcome: 'done' }); // Called off or not: it was quicker.
      return { outcome: 'done', value };
    } catch (thrown) {
      const error = asPlanwrightError(thrown);
      const isItsOwnFailure = isItsOwn(error);
      const isStopped = callOff.signal.aborted && !this.signal.aborted;
      const isCalledOff = isStopped && (isItsOwnFailure || error.code === 'CANCELLED');
      if (!isCalledOff && !isItsOwnFailure) throw thrown;
      const came = isCalledOff
        ? ({ outcome: 'called-off' } as const)
        : ({ outcome: 'failed', error: errorInfo(error) } as const);
      record(came);
      return came;
    } finally {
      forget();
    }
  }

  async decide(gate: Gate): Promise<Decision> {
    const { store } = this.#execution;
    const id = this.#claim(gate.id);
    openGate(this.#execution, { ...gate, id });
    const known = store.decision(this.id, this.attempt, id);
    const decision =
      known ?? (await this.#execution.during('waiting', () => awaitDecision(this.#execution, id, this.signal)));
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
    return new RunHandle(this.#execution, this.#named(name), this.signal);
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
    if (this.#execution.isRecorded(full)) return Number(store.step(this.id, this.attempt, full)?.result);
    const now = clock.now();
    this.#execution.commit(full, { inputHash: hashOf(undefined), json: String(now), onDisk: false });
    return now;
  }

  /**
   * A replay asks for all that the journal has before it asks for anything new. A step that is new while the
   * journal has others in its name space means that the workflow is not the one that was recorded. Steps that
   * begin side by side are all asked for in one turn of the event loop, so it is looked at after that.
   */
  async #checkOrder(name: string): Promise<void> {
    await nextTurn();
    const unread = this.#execution.unreadBeside(name);
    if (unread === undefined) return;
    throw mismatch(name, say`The journal goes on with “${unread}” where the workflow now asks for “${name}”.`);
  }

  /** Tries until it succeeds or has failed for good; waits at a gate where the step says that one can help. */
  async #perform<T>(name: string, fn: () => Promise<T>, options: StepOptions): Promise<T> {
    const { hold } = options;
    const execution = this.#execution;
    const once = () => execution.during('step', () => execution.stoppable(this.#tries(name, fn, options), this.signal));
    if (!hold) return once();
    for (;;) {
      await until(execution.holds.pass(), this.signal);
      const before = hold.before?.() ?? null;
      if (before) {
        await until(execution.holds.wait(before), this.signal);
        continue;
      }
      const decidedBefore = (key: string) => execution.holds.decided(key);
      const seen = hold.keys.map(decidedBefore);
      try {
        return await once();
      } catch (thrown) {
        const gate = this.signal.aborted ? null : (hold.onFailure?.(asPlanwrightError(thrown)) ?? null);
        if (!gate) throw thrown;
        // A failure from before the last decision is answered by that decision: try again first.
        const stale = hold.keys.some((key, index) => key === gate.key && decidedBefore(key) !== seen[index]);
        if (!stale) await until(execution.holds.wait(gate), this.signal);
      }
    }
  }

  #tries<T>(name: string, fn: () => Promise<T>, { retry, provider }: StepOptions): Promise<T> {
    if (!retry) return fn();
    const { store, clock } = this.#execution;
    const gate = provider === undefined ? undefined : this.#execution.rateGate(provider);
    return withRetry(fn, retry, { clock, signal: this.signal, gate }, (count, delayMs, { code, message }) => {
      const event = { type: 'retry', step: name, retry: count, delayMs, error: { code, message } } as const;
      store.appendEvent(this.id, this.attempt, event, `retry:${name}:${clock.now()}:${count}`);
    });
  }

  #throwIfAborted(): void {
    if (this.signal.aborted) throw cancelled();
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
}

function mismatch(name: string, message: string): PlanwrightError {
  const phase = name.split('/', 1)[0] ?? '';
  const from = phaseNames.includes(phase as PhaseName) ? phase : phaseNames[0];
  return new PlanwrightError('REPLAY_MISMATCH', message, {
    hint: `Restart from the ${from} phase; the recorded attempt stays readable.`,
  });
}
