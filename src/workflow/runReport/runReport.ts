import type { RunView, UsageTotals } from '../runState.ts';
import { type PhaseName, phaseNames } from '../schemas.ts';
import { standing } from '../trace/requirementState.ts';
import { traceOf } from '../trace/trace.ts';
import { REPORT_VERSION, type RunReport } from './reportSchema.ts';

/** A run as it is told when it is over, or so far: what was asked, what came of it, and what that took. */
export function runReport(view: RunView): RunReport {
  const { plan, input, usage } = view;
  const trace = traceOf(view);
  return {
    version: REPORT_VERSION,
    id: view.runId,
    attempt: view.attempt,
    status: view.status,
    title: plan?.title ?? null,
    request: input.request,
    requirements: [...input.requirements],
    constraints: [...(input.constraints ?? [])],
    model: view.model,
    workspace: view.workspace,
    startedAt: iso(view.attemptStartedAt),
    endedAt: view.endedAt === null ? null : iso(view.endedAt),
    error: view.error,
    output: view.output,
    trace,
    openRequirementIds: (trace?.requirements ?? []).filter(({ state }) => state === 'open').map(({ id }) => id),
    unresolvedCheckIds: standing(trace?.checks ?? [])
      .filter(({ verdict }) => verdict === 'new failure')
      .map(({ id }) => id),
    failedTasks: Object.entries(view.tasks).flatMap(([id, { state, error }]) =>
      state === 'failed' && error !== null ? [{ id, error }] : [],
    ),
    failedChanges: view.failedChanges.map(({ hunkId, error }) => ({ hunkId, error })),
    coverage: view.coverage === null ? null : { reason: null, ...view.coverage },
    metrics: {
      planScore: view.reviews.find(({ round }) => round === view.planRound)?.review.score ?? null,
      scores: view.reviews.map(({ round, review }) => ({ round, score: review.score })),
      refinementRounds: view.refinements.length,
      usage: usageOf(usage),
      usageByAgent: Object.fromEntries(
        Object.entries(view.usageByAgent).map(([agent, totals]) => [agent, usageOf(totals)]),
      ),
      phases: phaseNames.map((phase) => ({ phase, ...phaseTime(view, phase) })),
    },
    learned: [...view.learned],
    assumptions: [...(plan?.assumptions ?? [])],
    outOfScope: [...(plan?.outOfScope ?? [])],
  };
}

function phaseTime(view: RunView, phase: PhaseName): Pick<RunReport['metrics']['phases'][number], 'state' | 'ms'> {
  const { state, startedAt, endedAt } = view.phases[phase];
  return { state, ms: startedAt === undefined || endedAt === undefined ? null : endedAt - startedAt };
}

function usageOf({ inputTokens, cachedInputTokens, outputTokens, calls, modelMs, cost }: UsageTotals) {
  return { inputTokens, cachedInputTokens, outputTokens, calls, modelMs, cost };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
