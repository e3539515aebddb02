import { checkKinds } from '../checks/checks.ts';
import type { Statements } from '../engine/statements.ts';
import { phaseNames } from '../schemas.ts';
import type { MetricName } from './catalogue.ts';
import { type DashboardData, dashboardSchema, type UsageFigures, type WindowName } from './dashboardData.ts';
import { Series, sinceOf } from './series.ts';

/**
 * The dashboard's figures, computed from samples and roll-ups alone (and the runs that are active now).
 *
 * Rolled-up hours change counts, sums and means not at all and percentiles by `PERCENTILE_ERROR` of themselves at
 * most. They have no finer time than the hour: windows begin at full hours, so that it does not matter to them; a day
 * does in a time zone that is not whole hours from UTC, where the hour around midnight counts to the day it begins on.
 */
export function computeDashboard(sql: Statements, window: WindowName, now: number): DashboardData {
  const since = sinceOf(window, now);
  const series = new Series(sql, since);
  const byLabel = (metric: MetricName, label: string) =>
    new Map(series.totals(metric, label).map(({ key, sum }) => [key, sum]));
  const total = (metric: MetricName) => series.total(metric)?.sum ?? 0;

  const scores = series.total('review.score');
  const [reviewed, refined, rounds] = [total('run.reviewed'), total('run.refined'), total('refinement.rounds')];
  const hunks = byLabel('hunks', 'decision');
  const phases = new Map(series.spreads('phase.duration', 'phase').map((row) => [row.key, row]));
  const [response] = series.spreads('response.time', null);
  const [first] = series.spreads('response.first', null);
  return dashboardSchema.parse({
    window,
    since,
    at: now,
    active: activeRuns(sql),
    reviewScore: { reviews: scores?.count ?? 0, mean: scores === undefined ? null : scores.sum / scores.count },
    outcomes: outcomesOf(byLabel('run.ended', 'outcome'), byLabel('run.reopened', 'outcome')),
    refinement: { reviewed, refined, frequency: part(refined, reviewed), meanRounds: part(rounds, reviewed) },
    phases: phaseNames.map((phase) => ({ phase, ...(phases.get(phase) ?? noSpread) })),
    responseTime: { ...noSpread, ...response, calls: response?.count ?? 0 },
    firstToken: { ...noSpread, ...first, calls: first?.count ?? 0 },
    usage: series.usage(null)[0] ?? noUsage,
    usageByAgent: series.usage('agent').map(({ key, ...usage }) => ({ agent: key, ...usage })),
    usageByModel: series.usage('model').map(({ key, ...usage }) => ({ model: key, ...usage })),
    usageByAgentAndModel: series.usage(['agent', 'model']).map(({ key, ...usage }) => {
      const [agent, model] = JSON.parse(key) as [string, string];
      return { agent, model, ...usage };
    }),
    scores: series.scores(),
    days: series.days(),
    hunks: { accepted: hunks.get('accepted') ?? 0, rejected: hunks.get('rejected') ?? 0 },
    checks: checksOf(series),
    retries: series
      .totals('retries', 'code')
      .map(({ key, sum }) => ({ code: key, count: sum }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1)),
  });
}

const noSpread = { count: 0, median: null, p95: null };
const noUsage: UsageFigures = {
  calls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheHitRate: null,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: null,
  unpricedCalls: 0,
};

function part(some: number, all: number): number | null {
  return all === 0 ? null : some / all;
}

function outcomesOf(ended: ReadonlyMap<string, number>, reopened: ReadonlyMap<string, number>) {
  const lasting = (outcome: string) => (ended.get(outcome) ?? 0) - (reopened.get(outcome) ?? 0);
  const [completed, failed, cancelled] = [lasting('completed'), lasting('failed'), lasting('cancelled')];
  return { completed, failed, cancelled, successRate: part(completed, completed + failed + cancelled) };
}

function checksOf(series: Series): DashboardData['checks'] {
  const times = new Map(series.spreads('check.duration', 'kind').map((row) => [row.key, row]));
  const results = series.totals('checks', ['kind', 'outcome', 'verdict']).map(({ key, sum }) => {
    const [kind, outcome, verdict] = JSON.parse(key) as [string, string, string];
    return { kind, outcome, verdict, sum };
  });
  return checkKinds.toSorted().flatMap((kind) => {
    const own = results.filter((result) => result.kind === kind);
    const count = (test: (result: (typeof own)[number]) => boolean) =>
      own.filter(test).reduce((total, { sum }) => total + sum, 0);
    if (own.length === 0) return [];
    const { median, p95 } = times.get(kind) ?? noSpread;
    return {
      kind,
      passed: count(({ outcome }) => outcome === 'passed'),
      failed: count(({ outcome }) => outcome === 'failed' || outcome === 'timed-out'),
      notRun: count(({ outcome }) => outcome === 'not-run'),
      newFailures: count(({ verdict }) => verdict === 'new failure'),
      median,
      p95,
    };
  });
}

export function activeRuns(sql: Statements): DashboardData['active'] {
  const rows = sql.all('SELECT status, COUNT(*) AS count FROM runs GROUP BY status');
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.count ?? 0);
  return { queued: of('queued'), inProgress: of('in_progress'), waiting: of('waiting') };
}
