import type { CheckResult, RunEvent, StoredEvent } from '../engine/events.ts';
import { type RunView, reduce } from '../runState.ts';
import { type PhaseName, phaseNames } from '../schemas.ts';
import { type Sample, sample } from './sample.ts';

/** What of a run's earlier events decides what its next one measures. */
export interface RunSoFar {
  /** Sequence number of the last event in it; 0 before the first. */
  readonly seq: number;
  readonly view: RunView | null;
  /** The first phase that the current attempt makes anew; what comes before is a replay and was measured already. */
  readonly from: PhaseName;
  /** The attempt's last phase that started or was skipped. */
  readonly phase: PhaseName;
  /** Milliseconds of work in the current phase. */
  readonly worked: number;
  /** How the run ended last, unless it has gone on since. */
  readonly end: { readonly outcome: Outcome; readonly at: number } | null;
  /** When the run's plan was first reviewed. */
  readonly reviewedAt: number | null;
  readonly refined: boolean;
}

export type Outcome = 'completed' | 'failed' | 'cancelled';

export const nothingSoFar: RunSoFar = {
  seq: 0,
  view: null,
  from: 'planning',
  phase: 'planning',
  worked: 0,
  end: null,
  reviewedAt: null,
  refined: false,
};

/**
 * What one more event of a run measures.
 *
 * - A restart emits the events of the phases it takes over once more: they measure nothing.
 * - A phase's duration is the time in which the run was in progress: neither paused, ended, waiting for the
 *   developer, nor interrupted by a crash.
 * - An end that the run went on after is taken back by `run.reopened` at that end's own time, so that in every
 *   window, and in every hour of the roll-ups, a run has one outcome at most.
 * - That a plan was refined, and in how many rounds, counts at the time of the run's first review: a window that has
 *   the one has the other.
 */
export function record(
  before: RunSoFar,
  stored: StoredEvent,
): { readonly soFar: RunSoFar; readonly samples: readonly Sample[] } {
  const soFar = follow(before, stored);
  return { soFar, samples: measured(before, soFar, stored) };
}

function follow(before: RunSoFar, stored: StoredEvent): RunSoFar {
  const { event, at, seq } = stored;
  const moved = {
    ...before,
    seq,
    view: reduce(before.view, stored),
    worked: before.worked + workUntil(before, stored),
  };
  switch (event.type) {
    case 'workflow.restarted':
      return { ...moved, from: event.from, phase: 'planning', worked: 0, end: null };
    case 'workflow.resumed':
      return { ...moved, end: null };
    case 'phase.started':
      return { ...moved, phase: event.phase, worked: 0 };
    case 'phase.completed':
      return { ...moved, phase: event.phase };
    case 'workflow.completed':
    case 'workflow.failed':
    case 'workflow.cancelled':
      return { ...moved, end: { outcome: outcomeOf(event.type), at } };
    case 'review.completed':
      return { ...moved, reviewedAt: before.reviewedAt ?? (isNewReview(moved, event) ? at : null) };
    case 'refinement.completed':
      return { ...moved, refined: before.refined || isNew(moved) };
    default:
      return moved;
  }
}

function measured(before: RunSoFar, soFar: RunSoFar, { event, at }: StoredEvent): Sample[] {
  switch (event.type) {
    case 'workflow.resumed':
    case 'workflow.restarted':
      return reopened(before);
    case 'workflow.completed':
    case 'workflow.failed':
    case 'workflow.cancelled':
      return [...reopened(before), sample('run.ended', at, 1, { outcome: outcomeOf(event.type) })];
    case 'phase.completed': {
      const started = before.view?.phases[event.phase].state === 'active';
      if (!started || event.skipped !== undefined || !isNew(soFar)) return [];
      return [sample('phase.duration', at, soFar.worked, { phase: event.phase })];
    }
    case 'review.completed':
      if (!isNewReview(soFar, event)) return [];
      return [
        sample('review.score', at, event.review.score, { round: String(event.round) }),
        ...(before.reviewedAt === null ? [sample('run.reviewed', at, 1)] : []),
      ];
    case 'refinement.completed': {
      if (!isNew(soFar)) return [];
      const reviewedAt = soFar.reviewedAt ?? at;
      return [
        sample('refinement.rounds', reviewedAt, 1),
        ...(before.refined ? [] : [sample('run.refined', reviewedAt, 1)]),
      ];
    }
    case 'usage':
      return isNew(soFar) ? ofCall(event, at) : [];
    case 'check.completed':
      return isNew(soFar) ? event.results.flatMap((result) => ofCheck(result, at)) : [];
    case 'retry':
      return [sample('retries', at, 1, { code: event.error.code })];
    case 'hunk.decided': {
      const { decision } = event;
      return decision === 'accepted' || decision === 'rejected' ? [sample('hunks', at, 1, { decision })] : [];
    }
    default:
      return [];
  }
}

/** The part of the time since the run's last event in which it was in progress. */
function workUntil({ view }: RunSoFar, { event, at, attempt }: StoredEvent): number {
  if (view?.status !== 'in_progress' || attempt !== view.attempt) return 0;
  // Nobody was at work before a resume: whoever was had died.
  return event.type === 'workflow.resumed' ? 0 : Math.max(0, at - view.updatedAt);
}

function reopened({ end }: RunSoFar): Sample[] {
  return end === null ? [] : [sample('run.reopened', end.at, 1, { outcome: end.outcome })];
}

function ofCall(event: Extract<RunEvent, { type: 'usage' }>, at: number): Sample[] {
  const { agent, model, inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = event;
  const { durationMs, firstTokenMs, cost } = event;
  const who = { agent, model };
  const tokens = {
    input: inputTokens,
    cached_input: cachedInputTokens,
    output: outputTokens,
    ...(reasoningTokens === undefined ? {} : { reasoning: reasoningTokens }),
  };
  return [
    sample('response.time', at, Math.max(0, durationMs), who),
    ...(firstTokenMs === undefined ? [] : [sample('response.first', at, Math.max(0, firstTokenMs), who)]),
    ...Object.entries(tokens).map(([kind, value]) => sample('tokens', at, value, { ...who, kind })),
    ...(cost === undefined ? [] : [sample('cost', at, cost, who)]),
  ];
}

/** A check that never ran took no time. */
function ofCheck({ kind, outcome, verdict, durationMs }: CheckResult, at: number): Sample[] {
  return [
    sample('checks', at, 1, { kind, outcome, verdict }),
    ...(outcome === 'not-run' ? [] : [sample('check.duration', at, Math.max(0, durationMs), { kind })]),
  ];
}

/** The attempt makes its current phase anew. */
export function isNew({ phase, from }: Pick<RunSoFar, 'phase' | 'from'>): boolean {
  return phaseNames.indexOf(phase) >= phaseNames.indexOf(from);
}

/** Not a replay, and not the points of an earlier version of the plan carried over. */
function isNewReview(soFar: RunSoFar, { review }: Extract<RunEvent, { type: 'review.completed' }>): boolean {
  return isNew(soFar) && review.carriedOver !== true;
}

function outcomeOf(type: 'workflow.completed' | 'workflow.failed' | 'workflow.cancelled'): Outcome {
  return type.slice('workflow.'.length) as Outcome;
}
