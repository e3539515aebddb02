import type { CheckCommand, CheckRun, Checks, FileStates } from '../../checks/checks.ts';
import { type Outcomes, outcomesSchema, worthKeeping } from '../../checks/outcomes.ts';
import type { CheckResult } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import { asPlanwrightError, inWords } from '../../errors.ts';
import type { WorkflowPorts } from '../context.ts';
import type { Checked } from './mend.ts';
import { askPermission, type Permission, refusalNow } from './permission.ts';

/** What the run may check with, and how that was before the run. */
export interface Ground extends Permission {
  /** Empty where `reason` says why nothing can be checked. */
  readonly baseline: readonly CheckRun[];
}

/**
 * The checks of one run: asked for once, run once on the workspace as it was, then over each task's edits. The question
 * to the developer keeps no agent from working; a task waits for the answer when it has something to check.
 */
export class RunChecks {
  readonly #run: Run;
  readonly #ports: WorkflowPorts;
  /** What each task left of its checks, when it had come to an end. */
  readonly #left = new Map<string, Checked>();
  #permission: Permission | undefined;
  #ground: Promise<Ground> | undefined;

  constructor(run: Run, ports: WorkflowPorts) {
    this.#run = run;
    this.#ports = ports;
  }

  /** What may be checked with, once the developer has answered and the checks have run on the workspace as it is. */
  ground(): Promise<Ground> {
    this.#ground ??= this.#prepare();
    return this.#ground;
  }

  /** What was allowed so far; undefined while the developer is asked. */
  allowed(): Permission | undefined {
    return this.#permission;
  }

  /** Begins with what can be done before anything is there to check. */
  begin(): void {
    this.ground().catch(() => {}); // Whoever waits for it hears of it.
  }

  async #prepare(): Promise<Ground> {
    const permission = await askPermission(this.#run, this.#ports);
    this.#permission = permission;
    const { commands } = permission;
    const skipped = (reason: string): Ground => {
      this.#permission = { ...permission, commands: [], reason };
      this.#run.emit({ type: 'check.skipped', reason });
      return { ...this.#permission, baseline: [] };
    };
    if (permission.reason !== null) return skipped(permission.reason);
    const outcomes = await this.perform(this.#run, 'baseline', commands, null, (checks, signal) =>
      checks.baseline(commands, signal),
    );
    if ('skipped' in outcomes) return skipped(outcomes.skipped);
    return { ...permission, baseline: outcomes.runs };
  }

  leave(taskId: string, checked: Checked): void {
    this.#left.set(taskId, checked);
  }

  /** What is wrong with what the task has made so far, as it was last checked. */
  failuresOf(taskId: string): readonly CheckResult[] {
    return this.#left.get(taskId)?.results.filter(({ verdict }) => verdict === 'new failure') ?? [];
  }

  /** A task begins anew. */
  forget(taskId: string): void {
    this.#left.delete(taskId);
  }

  /** What the tasks of these ids have left. */
  leftBy(taskIds: readonly string[]): (readonly CheckRun[])[] {
    return taskIds.flatMap((id) => {
      const left = this.#left.get(id);
      return left ? [left.runs] : [];
    });
  }

  /** Runs commands over files as a step of the run: once, ever. */
  over(
    run: Run,
    step: string,
    commands: readonly CheckCommand[],
    input: unknown,
    files: () => Promise<FileStates>,
  ): Promise<Outcomes> {
    return this.perform(run, step, commands, input, async (checks, signal) =>
      checks.run(commands, await files(), signal),
    );
  }

  /** Work with the checks as a step. That they cannot be run is an answer; that the run is cancelled is not. */
  perform(
    run: Run,
    step: string,
    commands: readonly CheckCommand[],
    input: unknown,
    work: (checks: Checks, signal: AbortSignal) => Promise<readonly CheckRun[]>,
  ): Promise<Outcomes> {
    return run.step(
      step,
      outcomesSchema,
      async (signal) => {
        const refused = refusalNow(this.#ports);
        if (refused !== null) return { skipped: refused };
        try {
          return { runs: (await work(await this.#ports.checks.checks(), signal)).map(worthKeeping) };
        } catch (error) {
          const failure = asPlanwrightError(error);
          if (failure.code === 'CANCELLED') throw error;
          return { skipped: inWords(failure) };
        }
      },
      { input: { commands, input } },
    );
  }
}
