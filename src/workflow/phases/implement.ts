import { z } from 'zod';
import { guidance } from '../agents/digest.ts';
import type { TaskReport } from '../agents/drafts.ts';
import type { FailedTry } from '../agents/prompts.ts';
import { isSettled } from '../edits/review.ts';
import { until } from '../engine/abort.ts';
import { STOP } from '../engine/holds.ts';
import type { Run } from '../engine/run.ts';
import { cancelled } from '../errors.ts';
import type { Input, Task } from '../schemas.ts';
import { closingChecks } from './checking/closing.ts';
import { RunChecks } from './checking/runChecks.ts';
import { commitTask, startBranch } from './commit.ts';
import type { Candidate, WorkflowPorts } from './context.ts';
import { decideProposal } from './decide.ts';
import { ancestorsOf, inDependencyOrder } from './dependencyOrder.ts';
import { whatIsLeft } from './failedTry.ts';
import { Schedule, type Turn } from './schedule.ts';
import { type BuiltTask, buildTask, type TaskTry, type TaskWork } from './task.ts';
import { Dependencies, isTasksOwnFailure, SKIP, taskGate, tryName, WithoutDependency } from './taskFailure.ts';

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
 * decides what they propose. A task that fails, or is called off, waits for the developer while the others go on. The
 * phase ends when every hunk is decided.
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
  await startBranch(run, plan, ports);
  const conventions = await run.step('guidance', z.string(), () => guidance(ports.workspace));
  const checks = new RunChecks(run.scoped('checks'), ports);
  checks.begin();
  const order = inDependencyOrder(plan.tasks);
  const schedule = new Schedule(plan.tasks, ports.settings.concurrency, () => ports.clock.now());
  const built = new Dependencies<BuiltTask>(order.map(({ id }) => id));
  const halt = Promise.withResolvers<never>();

  const works = new Map(
    order.map((task) => {
      const ancestors = ancestorsOf(plan.tasks, task.id);
      const work: TaskWork = { input, plan, task, ancestors, conventions, learned, checks };
      return [task.id, work];
    }),
  );

  /** Null for a task that the run goes on without. */
  const build = async (scope: Run, work: TaskWork): Promise<BuiltTask | null> => {
    const { task } = work;
    const earlier: FailedTry[] = [];
    for (let number = 1; ; number++) {
      const notes: TaskTry['notes'] = {};
      const tried = await scope.tryOut(
        tryName(number),
        async (its) => {
          await until(built.all(task.dependsOn), its.signal);
          const inSlot = async (turn: Turn) => {
            const tryRun = number === 1 ? its : its.scoped(`again-${number}`);
            const result = await buildTask(tryRun, work, { number, earlier, notes, turn }, ports);
            // Known before the slot is free, so that what waited for it can ask for the slot too.
            built.resolve(task.id, result);
            return result;
          };
          return schedule.work(task.id, inSlot, its.signal);
        },
        isTasksOwnFailure,
      );
      if (tried.outcome === 'done') return tried.value;
      const error = tried.outcome === 'failed' ? tried.error : null;
      if (error) scope.emit({ type: 'task.failed', taskId: task.id, error });
      earlier.push(await whatIsLeft(scope.scoped(tryName(number)), work, { error, notes }, ports));
      const { choice } = await scope.decide(taskGate(plan.tasks, task, number, error));
      if (choice === STOP) throw cancelled();
      if (choice === SKIP) throw new WithoutDependency(task.id);
      scope.emit({ type: 'task.retried', taskId: task.id, number: number + 1 });
    }
  };

  const branch = (work: TaskWork) => async (scope: Run) => {
    try {
      const result = await build(scope, work).catch((error) => {
        built.reject(work.task.id, error);
        if (!(error instanceof WithoutDependency)) throw error;
        scope.emit({ type: 'task.skipped', taskId: work.task.id, because: error.taskId });
        return null;
      });
      const ids = result?.proposalIds ?? [];
      await Promise.all(ids.map((id) => decideProposal(scope.scoped(id), work, id, ports)));
      if (result && ports.settings.commitPerTask) await commitTask(scope.scoped('decided'), work.task, ports);
      return result;
    } catch (error) {
      // What ends the run does not wait for hunks that nobody has decided yet.
      if (!run.signal.aborted) halt.reject(error);
      throw error;
    }
  };

  const branches = Object.fromEntries([...works].map(([id, work]) => [id, branch(work)]));
  const results = await Promise.race([run.all(branches), halt.promise]);
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
