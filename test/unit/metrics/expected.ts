import type { CheckResult, RunEvent, StoredEvent } from '../../../src/workflow/engine/events.ts';
import type { DashboardData, UsageFigures, WindowName } from '../../../src/workflow/metrics/dashboardData.ts';
import type { RunStatus } from '../../../src/workflow/schemas.ts';

/**
 * The dashboard's figures a second time, straight from the raw logs and by other means: each run's log is looked at
 * as a whole, with all of its future known.
 */

const HOUR = 3_600_000;
const order = ['planning', 'review', 'refinement', 'implementation'];
const ends = ['workflow.completed', 'workflow.failed', 'workflow.cancelled'];

interface Facts {
  readonly phases: { at: number; phase: string; ms: number }[];
  readonly reviews: { at: number; round: number; score: number }[];
  readonly end: { at: number; type: string } | null;
  readonly reviewed: { at: number; rounds: number } | null;
  readonly calls: (Extract<RunEvent, { type: 'usage' }> & { at: number })[];
  readonly retries: { at: number; code: string }[];
  readonly hunks: { at: number; decision: string }[];
  readonly checks: (CheckResult & { at: number })[];
}

export function expectedDashboard(
  runs: readonly { readonly status: RunStatus; readonly events: readonly StoredEvent[] }[],
  window: WindowName,
  now: number,
): DashboardData {
  const days = { '24h': 1, '7d': 7, '30d': 30, all: null }[window];
  const since = days === null ? 0 : now - days * 24 * HOUR - ((now - days * 24 * HOUR) % HOUR);
  const within = <T extends { at: number }>(items: readonly T[]) => items.filter(({ at }) => at >= since);
  const facts = runs.map(({ events }) => factsOf(events));
  const all = <T extends { at: number }>(of: (fact: Facts) => readonly T[]) => within(facts.flatMap(of));

  const reviews = all((fact) => fact.reviews);
  const ended = all(({ end }) => (end ? [end] : []));
  const reviewed = all((fact) => (fact.reviewed ? [fact.reviewed] : []));
  const calls = all((fact) => fact.calls);
  const phases = all((fact) => fact.phases);
  const refined = reviewed.filter(({ rounds }) => rounds > 0).length;
  const outcome = (type: string) => ended.filter((end) => end.type === type).length;
  const status = (name: RunStatus) => runs.filter((run) => run.status === name).length;
  const decisions = (name: string) => all((fact) => fact.hunks).filter(({ decision }) => decision === name).length;
  const firsts = calls.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  const checks = all((fact) => fact.checks);
  const codes = all((fact) => fact.retries).map(({ code }) => code);
  return {
    window,
    since,
    at: now,
    active: { queued: status('queued'), inProgress: status('in_progress'), waiting: status('waiting') },
    reviewScore: { reviews: reviews.length, mean: mean(reviews.map(({ score }) => score)) },
    outcomes: {
      completed: outcome('completed'),
      failed: outcome('failed'),
      cancelled: outcome('cancelled'),
      successRate: ended.length === 0 ? null : outcome('completed') / ended.length,
    },
    refinement: {
      reviewed: reviewed.length,
      refined,
      frequency: reviewed.length === 0 ? null : refined / reviewed.length,
      meanRounds: mean(reviewed.map(({ rounds }) => rounds)),
    },
    phases: (['planning', 'review', 'refinement', 'implementation'] as const).map((phase) => {
      const times = phases.filter((entry) => entry.phase === phase).map(({ ms }) => ms);
      return { phase, count: times.length, median: percentile(times, 50), p95: percentile(times, 95) };
    }),
    responseTime: {
      calls: calls.length,
      median: percentile(
        calls.map(({ durationMs }) => durationMs),
        50,
      ),
      p95: percentile(
        calls.map(({ durationMs }) => durationMs),
        95,
      ),
    },
    firstToken: {
      calls: firsts.length,
      median: percentile(firsts, 50),
      p95: percentile(firsts, 95),
    },
    usage: usageOf(calls),
    usageByAgent: unique(calls.map(({ agent }) => agent)).map((agent) => ({
      agent,
      ...usageOf(calls.filter((call) => call.agent === agent)),
    })),
    usageByModel: unique(calls.map(({ model }) => model)).map((model) => ({
      model,
      ...usageOf(calls.filter((call) => call.model === model)),
    })),
    usageByAgentAndModel: unique(calls.map(({ agent, model }) => JSON.stringify([agent, model]))).map((pair) => {
      const [agent, model] = JSON.parse(pair);
      return { agent, model, ...usageOf(calls.filter((call) => call.agent === agent && call.model === model)) };
    }),
    scores: reviews
      .map(({ at, round, score }) => ({ at, round, score, reviews: 1 }))
      .sort((a, b) => a.at - b.at || a.round - b.round || a.score - b.score),
    days: unique(ended.map(({ at }) => dayOf(at))).map((day) => {
      const of = (type: string) => ended.filter((end) => dayOf(end.at) === day && end.type === type).length;
      return { day, completed: of('completed'), failed: of('failed'), cancelled: of('cancelled') };
    }),
    hunks: { accepted: decisions('accepted'), rejected: decisions('rejected') },
    checks: unique(checks.map(({ kind }) => kind)).map((kind) => {
      const own = checks.filter((check) => check.kind === kind);
      const times = own.filter(({ outcome }) => outcome !== 'not-run').map(({ durationMs }) => durationMs);
      const outcomes = (...names: string[]) => own.filter(({ outcome }) => names.includes(outcome)).length;
      return {
        kind: kind as CheckResult['kind'],
        passed: outcomes('passed'),
        failed: outcomes('failed', 'timed-out'),
        notRun: outcomes('not-run'),
        newFailures: own.filter(({ verdict }) => verdict === 'new failure').length,
        median: percentile(times, 50),
        p95: percentile(times, 95),
      };
    }),
    retries: unique(codes)
      .map((code) => ({ code, count: codes.filter((other) => other === code).length }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
  };
}

function factsOf(events: readonly StoredEvent[]): Facts {
  const fresh = events.filter((_, index) => !isReplay(events, index));
  const of = <K extends RunEvent['type']>(type: K) =>
    fresh.flatMap(({ at, event }) =>
      event.type === type ? [{ ...(event as Extract<RunEvent, { type: K }>), at }] : [],
    );
  const last = events.findLast(({ event }) => [...ends, 'workflow.resumed', 'workflow.restarted'].includes(event.type));
  const reviews = of('review.completed').filter(({ review }) => !review.carriedOver);
  return {
    phases: fresh.flatMap(({ at, event, seq }) => {
      const ms = event.type === 'phase.completed' && !event.skipped ? workedIn(events, seq, event.phase) : null;
      return event.type === 'phase.completed' && ms !== null ? [{ at, phase: event.phase, ms }] : [];
    }),
    reviews: reviews.map(({ at, round, review }) => ({ at, round, score: review.score })),
    end:
      last && ends.includes(last.event.type) ? { at: last.at, type: last.event.type.replace('workflow.', '') } : null,
    reviewed: reviews[0] ? { at: reviews[0].at, rounds: of('refinement.completed').length } : null,
    calls: of('usage'),
    retries: of('retry').map(({ at, error }) => ({ at, code: error.code })),
    checks: of('check.completed').flatMap(({ at, results }) => results.map((result) => ({ ...result, at }))),
    hunks: of('hunk.decided').map(({ at, decision }) => ({ at, decision })),
  };
}

/** Told by a later attempt before it begins the phase that it was restarted from. */
function isReplay(events: readonly StoredEvent[], index: number): boolean {
  const { attempt } = events[index]!;
  const restart = events.find(({ attempt: other, event }) => other === attempt && event.type === 'workflow.restarted');
  if (restart?.event.type !== 'workflow.restarted') return false;
  const from = order.indexOf(restart.event.from);
  const begin = events.findIndex(
    ({ attempt: other, event }) =>
      other === attempt &&
      (event.type === 'phase.started' || event.type === 'phase.completed') &&
      order.indexOf(event.phase) >= from,
  );
  return begin === -1 || index < begin;
}

/** The time between a phase's start and the end of it at `seq` in which somebody was at work. */
function workedIn(events: readonly StoredEvent[], seq: number, phase: string): number | null {
  const end = events.findIndex((stored) => stored.seq === seq);
  const { attempt } = events[end]!;
  const start = events.findLastIndex(
    (stored, index) =>
      index < end &&
      stored.attempt === attempt &&
      stored.event.type === 'phase.started' &&
      stored.event.phase === phase,
  );
  if (start === -1) return null;
  const plan = events.findLast(({ event }, index) => index < end && event.type === 'plan.updated')?.event;
  const planned = plan?.type === 'plan.updated' ? plan.plan.tasks.length : 0;
  let ms = 0;
  for (let index = start + 1; index <= end; index++) {
    const idle = events[index]!.event.type === 'workflow.resumed' || isIdle(events.slice(start, index), planned);
    if (!idle) ms += events[index]!.at - events[index - 1]!.at;
  }
  return ms;
}

/** After these events of a phase nothing goes on before the developer does something. */
function isIdle(events: readonly StoredEvent[], planned: number): boolean {
  const count = (test: (event: RunEvent) => boolean) => events.filter(({ event }) => test(event)).length;
  const stop = events.findLastIndex(({ event }) => event.type === 'workflow.paused' || ends.includes(event.type));
  const resume = events.findLastIndex(({ event }) => event.type === 'workflow.resumed');
  const asked = count((event) => event.type === 'gate.opened' && event.gate.kind !== 'proposal');
  const answered = count((event) => event.type === 'gate.decided' && !event.gateId.startsWith('decide-'));
  const done = count((event) => event.type === 'task.completed');
  const proposed = events.flatMap(({ event }) =>
    event.type === 'proposal.created' ? event.proposal.hunks : [],
  ).length;
  const decided = count((event) => event.type === 'hunk.decided');
  return stop > resume || asked > answered || (done === planned && proposed > decided);
}

function usageOf(calls: Facts['calls']): UsageFigures {
  const sum = (of: (call: Facts['calls'][number]) => number) => calls.reduce((total, call) => total + of(call), 0);
  const input = sum(({ inputTokens }) => inputTokens);
  const priced = calls.filter(({ cost }) => cost !== undefined);
  return {
    calls: calls.length,
    inputTokens: input,
    cachedInputTokens: sum(({ cachedInputTokens }) => cachedInputTokens),
    cacheHitRate: input === 0 ? null : sum(({ cachedInputTokens }) => cachedInputTokens) / input,
    outputTokens: sum(({ outputTokens }) => outputTokens),
    reasoningTokens: sum(({ reasoningTokens }) => reasoningTokens ?? 0),
    cost: priced.length === 0 ? null : sum(({ cost }) => cost ?? 0),
    unpricedCalls: calls.length - priced.length,
  };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

function percentile(values: readonly number[], percent: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function dayOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
