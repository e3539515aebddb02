import { asPlanwrightError, errorInfo, PlanwrightError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Input, PhaseName } from '../schemas.ts';
import type { Decision, LiveEvent, RunEvent, RunTrigger } from './events.ts';
import { Execution } from './execution.ts';
import type { Run } from './run.ts';
import { RunHandle } from './runHandle.ts';
import type { Store } from './store.ts';

const LEASE_MS = 9_000;
const HEARTBEAT_MS = 2_500;

export interface RunnerOptions<O> {
  readonly store: Store;
  readonly clock: Clock;
  /** Tells this process from others on the same database. */
  readonly ownerId: string;
  readonly workflow: (run: Run, input: Input) => Promise<O>;
  readonly onLive?: (live: LiveEvent) => void;
  /** Hears of a failure that could not be recorded: the disk is full, the database cannot be written. */
  readonly onUnrecorded?: (runId: string, error: PlanwrightError) => void;
}

interface Active {
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

type StopReason = 'cancel' | 'pause' | 'shutdown';

/** Runs the workflow: at most one execution of a run at a time, in the process that holds its lease. */
export class Runner<O> {
  readonly #options: RunnerOptions<O>;
  readonly #active = new Map<string, Active>();

  constructor(options: RunnerOptions<O>) {
    this.#options = options;
  }

  /**
   * Starts a new run. `done` resolves when it has ended, however it did.
   * @param alongside writes what is to be committed together with the run; when it throws there is no run
   */
  start(
    input: Input,
    about: { readonly model: string; readonly workspace: string; readonly trigger?: RunTrigger },
    alongside?: (id: string) => void,
  ): { readonly id: string; readonly done: Promise<void> } {
    const { store } = this.#options;
    const id = store.atomically(() => {
      const created = store.createRun(input, about);
      this.#append(created, { type: 'workflow.started', input, ...about }, 'workflow.started');
      alongside?.(created);
      return created;
    });
    return { id, done: this.#execute(id) };
  }

  /**
   * Goes on where the run stopped.
   * @throws PlanwrightError NOT_FOUND | RUN_BUSY while another window runs it
   */
  resume(id: string): { readonly done: Promise<void> } {
    const active = this.#active.get(id);
    if (active) return active;
    this.#require(id);
    const done = this.#execute(id);
    this.#options.store.setPaused(id, false);
    this.#append(id, { type: 'workflow.resumed' }, `workflow.resumed:${this.#options.clock.now()}`);
    return { done };
  }

  /**
   * Begins a new attempt from a phase; what is running is stopped first.
   * @param source the attempt whose results before that phase are taken; the newest when absent
   * @throws PlanwrightError NOT_FOUND | RUN_BUSY
   */
  async restart(id: string, from: PhaseName, source?: number): Promise<{ readonly done: Promise<void> }> {
    const sourceAttempt = source ?? this.#require(id).attempt;
    const { store } = this.#options;
    if (!store.listAttempts(id).some(({ attempt }) => attempt === sourceAttempt)) {
      throw new PlanwrightError('NOT_FOUND', `This run has no attempt ${sourceAttempt}.`, {
        hint: 'Restart from one that it has.',
      });
    }
    // Somebody else may have restarted it while this one waited for it to stop.
    while (this.#active.has(id)) await this.#stop(id, 'shutdown');
    if (store.leasedByOther(id, this.#options.ownerId)) throw busy();
    store.forkAttempt(id, from, sourceAttempt);
    this.#append(id, { type: 'workflow.restarted', from, sourceAttempt }, 'workflow.restarted');
    return { done: this.#execute(id) };
  }

  /** Stops the run for good, or until it is resumed. Nothing half-done is left. */
  async cancel(id: string): Promise<void> {
    await this.#stop(id, 'cancel');
    // It may have been told to stop for another reason just before, or not have been running at all.
    const { status } = this.#require(id);
    if (status === 'completed' || status === 'cancelled') return;
    if (this.#options.store.leasedByOther(id, this.#options.ownerId)) throw busy();
    this.#end(id, 'cancelled', { type: 'workflow.cancelled' });
  }

  /** Lets go of the run until somebody resumes it; nobody does so by itself. */
  async pause(id: string): Promise<void> {
    const { status } = this.#require(id);
    if (this.#active.has(id)) return this.#stop(id, 'pause');
    if (!['queued', 'in_progress', 'waiting'].includes(status)) return;
    if (this.#options.store.leasedByOther(id, this.#options.ownerId)) throw busy();
    this.#pausedNow(id);
  }

  /** False when the gate is not open any more. */
  decide(id: string, gateId: string, decision: Decision): boolean {
    return this.#options.store.recordDecision(id, this.#require(id).attempt, gateId, decision);
  }

  active(id: string): boolean {
    return this.#active.has(id);
  }

  /** The runs that a crash or a shutdown interrupted and that nobody owns now. */
  interrupted(): { readonly id: string }[] {
    const { store, ownerId } = this.#options;
    return store
      .listRuns()
      .filter(
        ({ id, status, paused }) =>
          !paused &&
          ['queued', 'in_progress', 'waiting'].includes(status) &&
          !this.active(id) &&
          !store.leasedByOther(id, ownerId),
      );
  }

  /** Lets go of every run without ending any: the next window goes on with them. */
  async stop(): Promise<void> {
    await Promise.all([...this.#active.keys()].map((id) => this.#stop(id, 'shutdown')));
  }

  async #stop(id: string, reason: StopReason): Promise<void> {
    const active = this.#active.get(id);
    active?.controller.abort(reason);
    await active?.done;
  }

  #execute(id: string): Promise<void> {
    const { store, clock, ownerId } = this.#options;
    const { attempt, input } = this.#require(id);
    if (!store.lease(id, ownerId, LEASE_MS)) throw busy();
    const controller = new AbortController();
    const execution = new Execution({
      store,
      clock,
      runId: id,
      attempt,
      owner: ownerId,
      signal: controller.signal,
      live: (live) => this.#options.onLive?.(live),
    });
    const heartbeat = setInterval(() => {
      if (!this.#renew(id)) controller.abort('shutdown' satisfies StopReason);
    }, HEARTBEAT_MS);
    const work = async (): Promise<void> => {
      try {
        store.setStatus(id, 'in_progress');
        const output = await this.#options.workflow(new RunHandle(execution), input);
        this.#end(id, 'completed', { type: 'workflow.completed', output } as RunEvent);
      } catch (thrown) {
        this.#endBy(id, thrown, controller.signal);
      } finally {
        clearInterval(heartbeat);
        // Whatever of the workflow is still at work has nothing to work for any more.
        if (!controller.signal.aborted) controller.abort('shutdown' satisfies StopReason);
        this.#active.delete(id);
        this.#release(id);
      }
    };
    const done = work();
    this.#active.set(id, { controller, done });
    return done;
  }

  /** Records how the run ended. Where that fails too, the run stays as it was: interrupted, to be resumed. */
  #endBy(id: string, thrown: unknown, signal: AbortSignal): void {
    const error = asPlanwrightError(thrown);
    const reason = signal.aborted ? (signal.reason as StopReason) : undefined;
    if (reason === 'shutdown' || error.code === 'RUN_BUSY') return;
    try {
      if (error.code === 'STORAGE') throw error;
      if (reason === 'pause') this.#pausedNow(id);
      else if (reason === 'cancel' || error.code === 'CANCELLED')
        this.#end(id, 'cancelled', { type: 'workflow.cancelled' });
      else this.#end(id, 'failed', { type: 'workflow.failed', error: errorInfo(error) });
    } catch (unrecorded) {
      this.#options.onUnrecorded?.(id, asPlanwrightError(unrecorded));
    }
  }

  #pausedNow(id: string): void {
    const { store, clock } = this.#options;
    store.atomically(() => {
      store.setStatus(id, 'waiting');
      store.setPaused(id, true);
      this.#append(id, { type: 'workflow.paused' }, `workflow.paused:${clock.now()}`);
    });
  }

  /** False when another process holds the run. A database that cannot be written now may be able to in a moment. */
  #renew(id: string): boolean {
    try {
      return this.#options.store.lease(id, this.#options.ownerId, LEASE_MS);
    } catch {
      return true;
    }
  }

  /** A lease that cannot be let go of runs out by itself. */
  #release(id: string): void {
    try {
      this.#options.store.release(id, this.#options.ownerId);
    } catch (error) {
      this.#options.onUnrecorded?.(id, asPlanwrightError(error));
    }
  }

  #end(id: string, status: 'completed' | 'failed' | 'cancelled', event: RunEvent): void {
    const outcome =
      event.type === 'workflow.completed'
        ? { output: event.output }
        : event.type === 'workflow.failed'
          ? { error: event.error }
          : {};
    const { store, clock } = this.#options;
    store.atomically(() => {
      store.setOutcome(id, status, outcome);
      // A run can fail, be resumed and fail again: each end is an event of its own.
      this.#append(id, event, `${event.type}:${clock.now()}`);
    });
  }

  #append(id: string, event: RunEvent, key: string): void {
    this.#options.store.appendEvent(id, this.#require(id).attempt, event, key);
  }

  #require(id: string) {
    const run = this.#options.store.getRun(id);
    if (run) return run;
    throw new PlanwrightError('NOT_FOUND', `There is no run ${id} in this workspace.`);
  }
}

function busy(): PlanwrightError {
  return new PlanwrightError('RUN_BUSY', 'Another window is working on this run.', {
    hint: 'Go on there, or close that window; this one can take over some seconds later.',
  });
}
