import { testRole } from '../checks/testFiles.ts';
import type { HunkSummary, ProposalSummary } from '../engine/events.ts';
import type { CheckRound, DecidedHunk, RunView } from '../runState.ts';
import type { HunkDecision, Plan } from '../schemas.ts';
import { requirementState } from './requirementState.ts';
import type {
  HunkCounts,
  Trace,
  TracedCheck,
  TracedHunk,
  TracedRequirement,
  TracedTask,
  TracedTest,
} from './traceSchema.ts';

/** The part of a run's view that a trace is made of. */
export type TraceSource = Pick<
  RunView,
  'plan' | 'tasks' | 'proposals' | 'hunkDecisions' | 'rewrittenAt' | 'checks' | 'proofs'
>;

/**
 * Follows every requirement of the run's plan to what came of it; null while there is no plan. Superseded hunks are
 * left out: another one took their place, or the file had their lines already.
 */
export function traceOf(source: TraceSource): Trace | null {
  const { plan } = source;
  if (plan === null) return null;
  const hunks = hunksOf(source);
  const tests = testsOf(source, plan);
  const checks = checksOf(source);
  const tasks = tasksOf(source, plan);
  const hunksByRequirement = groupByEach(hunks, ({ requirementIds }) => requirementIds);
  const known = new Set(plan.requirements.map(({ id }) => id));
  const byTask = {
    tests: Map.groupBy(tests, ({ taskId }) => taskId),
    checks: Map.groupBy(checks, ({ taskId }) => taskId),
  };
  const requirements = plan.requirements.map(({ id, text, source: origin }): TracedRequirement => {
    const own = hunksByRequirement.get(id) ?? [];
    const givingTaskIds = new Set(own.filter(isAccepted).map(({ taskId }) => taskId));
    const serving = new Set(own.map(({ taskId }) => taskId));
    const ownTasks = tasks.filter((task) => task.requirementIds.includes(id) || serving.has(task.id));
    const ownChecks = [null, ...ownTasks.map((task) => task.id)].flatMap((task) => byTask.checks.get(task) ?? []);
    const counts = countsOf(own);
    return {
      id,
      text,
      source: origin,
      ...requirementState({ tasks: ownTasks, givingTaskIds, counts, checks: ownChecks }),
      counts,
      taskIds: ownTasks.map((task) => task.id),
      hunkIds: own.map((hunk) => hunk.id),
      testIds: ownTasks.flatMap((task) => byTask.tests.get(task.id) ?? []).map((traced) => traced.id),
      checkIds: ownChecks.map((check) => check.id),
    };
  });
  const unservingHunkIds = hunks
    .filter(({ requirementIds }) => !requirementIds.some((id) => known.has(id)))
    .map(({ id }) => id);
  return { requirements, tasks, hunks, tests, checks, unservingHunkIds };
}

export function countsOf(hunks: readonly { readonly decision: HunkDecision }[]): HunkCounts {
  const counts = { accepted: 0, rejected: 0, pending: 0 };
  for (const { decision } of hunks) if (decision !== 'superseded') counts[decision]++;
  return counts;
}

function isAccepted({ decision }: TracedHunk): boolean {
  return decision === 'accepted';
}

function tasksOf({ tasks, checks }: TraceSource, plan: Plan): TracedTask[] {
  return plan.tasks.map(({ id, title, requirements, tests }) => {
    const task = tasks[id];
    const own = checks.filter(({ taskId }) => taskId === id);
    const skipped = own.findLast(({ state }) => state === 'skipped') ?? checks.findLast(skipsAll);
    return {
      id,
      title,
      state: task?.state ?? 'pending',
      requirementIds: [...requirements],
      summary: task?.summary ?? null,
      plannedTests: [...tests],
      evidence: [...(task?.evidence ?? [])],
      uncheckedBecause: own.some(({ state }) => state === 'done') ? null : (skipped?.reason ?? null),
    };
  });
}

function skipsAll({ taskId, state }: CheckRound): boolean {
  return taskId === null && state === 'skipped';
}

function hunksOf({ proposals, hunkDecisions }: TraceSource): TracedHunk[] {
  const lastDecision = new Map(hunkDecisions.map((decided) => [keyOf(decided.proposalId, decided.hunkId), decided]));
  return proposals.flatMap((proposal) =>
    proposal.hunks
      .filter(({ decision }) => decision !== 'superseded')
      .map((hunk) => tracedHunk(proposal, hunk, lastDecision.get(keyOf(proposal.id, hunk.id)))),
  );
}

function tracedHunk(proposal: ProposalSummary, hunk: HunkSummary, last: DecidedHunk | undefined): TracedHunk {
  const { id: proposalId, taskId, path, action, from } = proposal;
  // A decision that was taken back is none.
  const decided = last?.decision === hunk.decision && hunk.decision !== 'pending' ? last : undefined;
  return {
    id: hunk.id,
    proposalId,
    taskId,
    path,
    action,
    from: from ?? null,
    line: hunk.newRange.start + 1,
    added: hunk.added,
    removed: hunk.removed,
    requirementIds: [...new Set(hunk.requirementIds)],
    why: hunk.why,
    decision: hunk.decision,
    by: decided?.by ?? null,
    reason: decided?.reason ?? null,
    feedback: hunk.feedback ?? null,
    conflict: hunk.conflict === true,
  };
}

/** The test files of each task: those the plan names, those it proposes, and those that were tried. */
function testsOf({ proposals, proofs }: TraceSource, plan: Plan): TracedTest[] {
  const proofOf = new Map(
    proofs.map(({ taskId, path, verdict, reason }) => [keyOf(taskId, path), { verdict, reason }]),
  );
  const proposed = Map.groupBy(proposals, ({ taskId }) => taskId);
  const tried = Map.groupBy(proofs, ({ taskId }) => taskId);
  return plan.tasks.flatMap(({ id: taskId, files }) => {
    const own = proposed.get(taskId) ?? [];
    const paths = [...files.filter(({ action }) => action !== 'delete'), ...own]
      .map(({ path }) => path)
      .filter((path) => testRole(path, null) === 'test');
    const all = new Set([...paths, ...(tried.get(taskId) ?? []).map(({ path }) => path)]);
    return [...all].map((path) => ({
      id: `${taskId}:${path}`,
      taskId,
      path,
      proposalId: own.find((proposal) => proposal.path === path)?.id ?? null,
      proof: proofOf.get(keyOf(taskId, path)) ?? null,
    }));
  });
}

/** What the last round of each task's checks said, and the last one of all together. */
function checksOf({ checks, proposals, rewrittenAt }: TraceSource): TracedCheck[] {
  const done = checks.filter(({ state }) => state === 'done');
  return [...Map.groupBy(done, ({ taskId }) => taskId)].flatMap(([taskId, rounds]) => {
    // Later tries, and changes that were asked for, count their rounds anew.
    const last = rounds.reduce((latest, round) => (round.at >= latest.at ? round : latest));
    const same = rounds.filter(({ of }) => JSON.stringify(of) === JSON.stringify(last.of));
    const seen = proposals.filter((proposal) => taskId === null || proposal.taskId === taskId);
    const outdated = seen.some(({ id }) => (rewrittenAt[id] ?? 0) > last.at);
    return last.results.map(
      (result, index): TracedCheck => ({
        ...result,
        before: result.before ?? null,
        id: `${taskId ?? 'run'}:${index + 1}`,
        taskId,
        round: last.round,
        at: last.at,
        outdated,
        newFailures: [...result.newFailures],
        earlier: same
          .filter(({ round }) => round < last.round)
          .flatMap(({ round, results }) =>
            results
              .filter(({ name }) => name === result.name)
              .map(({ verdict, reason }) => ({ round, verdict, reason })),
          ),
      }),
    );
  });
}

function keyOf(first: string, second: string): string {
  return `${first}\n${second}`;
}

function groupByEach<T>(items: readonly T[], keysOf: (item: T) => readonly string[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
