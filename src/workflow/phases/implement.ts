import { z } from 'zod';
import { guidance } from '../agents/digest.ts';
import type { TaskReport } from '../agents/drafts.ts';
import { isSettled } from '../edits/review.ts';
import type { Run } from '../engine/run.ts';
import { asPlanwrightError, errorInfo } from '../errors.ts';
import type { Input, Task } from '../schemas.ts';
import { closingChecks } from './checking/closing.ts';
import { RunChecks } from './checking/runChecks.ts';
import type { Candidate, WorkflowPorts } from './context.ts';
import { decideProposal } from './decide.ts';
import { ancestorsOf, DependencyFailed, inDependencyOrder, remainingPaths, Slots } from './schedule.ts';
import { type BuiltTask, buildTask, type TaskWork } from './task.ts';

export interface Implementation {
  readonly reports: readonly {
    readonly task: Task;
    readonly report: TaskReport;
    readonly proposalIds: readonly string[];
  }[];
  /** Milliseconds from approval to the last decision. */
  readonly durationMs: number;
  /** Percent of lines that tests ran in the end; null where nothing measured it. */
  readonly testCoverage: number | null;
}

/**
 * Agents work through the tasks in dependency order, independent ones side by side, while the developer
 * decides what they propose. The phase ends when every hunk is decided.
 */
export async function implement(
  run: Run,
  input: Input,
  { plan }: Candidate,
  learned: readonly string[],
  ports: WorkflowPorts,
): Promise<Implementation> {
  run.emit({ type: 'phase.started', phase: 'implementation' });
  const started = run.now('started');
  const conventions = await run.step('guidance', z.string(), () => guidance(ports.workspace));
  const checks = new RunChecks(run.scoped('checks'), ports);
  checks.begin();
  const order = inDependencyOrder(plan.tasks);
  const paths = remainingPaths(plan.tasks);
  const slots = new Slots(ports.settings.concurrency);
  const built = new Map(order.map((task) => [task.id, deferred<BuiltTask>()]));

  const works = new Map(
    order.map((task) => {
      const ancestors = ancestorsOf(plan.tasks, task.id);
      const work: TaskWork = { input, plan, task, ancestors, conventions, learned, checks };
      return [task.id, work];
    }),
  );

  const branch = (work: TaskWork) => async (scope: Run) => {
    const { task } = work;
    const own = built.get(task.id) ?? deferred<BuiltTask>();
    try {
      await Promise.all(task.dependsOn.map((id) => built.get(id)?.promise));
      await slots.use(async () => {
        // Known before the slot is free, so that what waited for it can ask for the slot too.
        own.resolve(await buildTask(scope, work, ports));
      }, paths.get(task.id));
    } catch (error) {
      own.reject(new DependencyFailed(task.id, error));
      const ownFault = !(error instanceof DependencyFailed) && asPlanwrightError(error).code !== 'CANCELLED';
      if (ownFault) scope.emit({ type: 'task.failed', taskId: task.id, error: errorInfo(error) });
      throw error;
    }
    const result = await own.promise;
    await Promise.all(result.proposalIds.map((id) => decideProposal(scope.scoped(id), work, id, ports)));
    return result;
  };

  const results = await run.all(Object.fromEntries([...works].map(([id, work]) => [id, branch(work)])));
  const testCoverage = await settle(run, works, checks, ports);
  const durationMs = run.now('ended') - started;
  run.emit({ type: 'phase.completed', phase: 'implementation', nextPhase: null });
  return {
    reports: order.flatMap((task) => {
      const result = results[task.id];
      return result ? [{ task, ...result }] : [];
    }),
    durationMs,
    testCoverage,
  };
}

/**
 * Checks what was accepted, once nothing is undecided. A decision may be taken back after its proposal was settled, also
 * while the checks run: the phase waits for the new one too, and checks again.
 */
async function settle(
  run: Run,
  works: ReadonlyMap<string, TaskWork>,
  checks: RunChecks,
  ports: WorkflowPorts,
): Promise<number | null> {
  let closed: { readonly coverage: number | null } | undefined;
  let closings = 0;
  for (let round = 1; ; round++) {
    const reopened = await undecided(run, `reopened-${round}`, ports);
    if (reopened.length > 0) {
      closed = undefined;
      await Promise.all(
        reopened.map(async ({ id, taskId }) => {
          const work = works.get(taskId);
          if (work) await decideProposal(run.scoped(`again-${round}`).scoped(id), work, id, ports);
        }),
      );
      continue;
    }
    if (closed) return closed.coverage;
    closings += 1;
    closed = { coverage: await closingChecks(run.scoped(`closing-${closings}`), closings, checks, ports) };
  }
}

function undecided(run: Run, step: string, { proposals }: WorkflowPorts) {
  return run.step(step, z.array(z.object({ id: z.string(), taskId: z.string() })), async () =>
    proposals
      .list(run.id, run.attempt)
      .filter((state) => !isSettled(state))
      .map(({ id, taskId }) => ({ id, taskId })),
  );
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  promise.catch(() => {}); // Waited for by dependents only; without any, a failure is still thrown by the branch.
  return { promise, resolve, reject };
}
