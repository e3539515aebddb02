import type { Row, Statements } from '../engine/statements.ts';
import { phaseNames } from '../schemas.ts';
import { exact, type MetricName } from './catalogue.ts';
import { type DashboardData, dashboardSchema, type UsageFigures, type WindowName, windows } from './dashboardData.ts';
import { DAY_MS, hourOf } from './rollUp.ts';

/**
 * The dashboard's figures, computed from samples and roll-ups alone (and the runs that are active now).
 *
 * Rolled-up hours change counts, sums and means not at all and percentiles by `PERCENTILE_ERROR` of themselves at
 * most. They have no finer time than the hour: windows begin at full hours, so that it does not matter to them; a day
 * does in a time zone that is not whole hours from UTC, where the hour around midnight counts to the day it begins on.
 */
export function computeDashboard(sql: Statements, window: WindowName, now: number): DashboardData {
  const days = windows.find(({ name }) => name === window)?.days ?? null;
  const since = days === null ? 0 : hourOf(now - days * DAY_MS);
  const series = new Series(sql, since);
  const byLabel = (metric: MetricName, label: string) =>
    new Map(series.totals(metric, label).map(({ key, sum }) => [key, sum]));
  const total = (metric: MetricName) => series.total(metric)?.sum ?? 0;

  const scores = series.total('review.score');
  const [reviewed, refined, rounds] = [total('run.reviewed'), total('run.refined'), total('refinement.rounds')];
  const hunks = byLabel('hunks', 'decision');
  const phases = new Map(series.spreads('phase.duration', 'phase').map((row) => [row.key, row]));
  const response = series.spreads('response.time', null)[0];
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
    usage: series.usage(null)[0] ?? noUsage,
    usageByAgent: series.usage('agent').map(({ key, ...usage }) => ({ agent: key, ...usage })),
    usageByModel: series.usage('model').map(({ key, ...usage }) => ({ model: key, ...usage })),
    scores: series.scores(),
    days: series.days(),
    hunks: { accepted: hunks.get('accepted') ?? 0, rejected: hunks.get('rejected') ?? 0 },
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
  outputTokens: 0,
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

export function activeRuns(sql: Statements): DashboardData['active'] {
  const rows = sql.all('SELECT status, COUNT(*) AS count FROM runs GROUP BY status');
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.count ?? 0);
  return { queued: of('queued'), inProgress: of('in_progress'), waiting: of('waiting') };
}

/** Counts and sums of a metric since a time, raw and rolled up together. Parameters: metric, since. */
const points = `
  SELECT labels, at, 1 AS count, value AS sum FROM samples WHERE metric = ?1 AND at >= ?2
  UNION ALL SELECT labels, hour, count, sum FROM rollups WHERE metric = ?1 AND hour >= ?2`;

/** As `points`, of values: each with how often it is there. */
const values = `
  SELECT labels, value, 1 AS count FROM samples WHERE metric = ?1 AND at >= ?2
  UNION ALL SELECT labels, value, count FROM rollup_cells WHERE metric = ?1 AND hour >= ?2`;

interface Total {
  readonly key: string;
  readonly count: number;
  readonly sum: number;
}

/** Queries of one window. `label` names the label to group by, null for everything in one group with the key ''. */
class Series {
  readonly #sql: Statements;
  readonly #since: number;

  constructor(sql: Statements, since: number) {
    this.#sql = sql;
    this.#since = since;
  }

  /** Undefined when there is no sample. */
  total(metric: MetricName): Total | undefined {
    return this.totals(metric, null)[0];
  }

  /** By key. */
  totals(metric: MetricName, label: string | null): Total[] {
    return this.#all(
      metric,
      `SELECT ${keyOf(label)} AS key, SUM(count) AS count, SUM(sum) AS sum FROM (${points}) GROUP BY key ORDER BY key`,
    ).map((row) => totalOf(metric, row));
  }

  /** Nearest-rank percentiles, with whole numbers only so that no rank is rounded the wrong way. */
  spreads(metric: MetricName, label: string | null): { key: string; count: number; median: number; p95: number }[] {
    return this.#all(
      metric,
      `WITH cells AS (SELECT ${keyOf(label)} AS key, value, SUM(count) AS count FROM (${values}) GROUP BY key, value),
       ranked AS (SELECT key, value, SUM(count) OVER (PARTITION BY key ORDER BY value) AS rank,
         SUM(count) OVER (PARTITION BY key) AS total FROM cells)
       SELECT key, MAX(total) AS count, MIN(value) FILTER (WHERE rank * 100 >= total * 50) AS median,
         MIN(value) FILTER (WHERE rank * 100 >= total * 95) AS p95
       FROM ranked GROUP BY key ORDER BY key`,
    ).map(({ key, count, median, p95 }) => ({
      key: String(key),
      count: Number(count),
      median: Number(median),
      p95: Number(p95),
    }));
  }

  /** What model calls took, by key. */
  usage(label: 'agent' | 'model' | null): (UsageFigures & { key: string })[] {
    const tokens = this.#all(
      'tokens',
      `SELECT ${keyOf(label)} AS key, labels ->> 'kind' AS kind, SUM(sum) AS sum FROM (${points}) GROUP BY key, kind`,
    );
    const ofKind = (key: string, kind: string) =>
      Number(tokens.find((row) => row.key === key && row.kind === kind)?.sum ?? 0);
    const costs = new Map(this.totals('cost', label).map((row) => [row.key, row]));
    return this.totals('response.time', label).map(({ key, count: calls }) => ({
      key,
      calls,
      inputTokens: ofKind(key, 'input'),
      cachedInputTokens: ofKind(key, 'cached_input'),
      outputTokens: ofKind(key, 'output'),
      cost: costs.get(key)?.sum ?? null,
      unpricedCalls: calls - (costs.get(key)?.count ?? 0),
    }));
  }

  scores(): DashboardData['scores'] {
    return this.#all(
      'review.score',
      `SELECT at, CAST(labels ->> 'round' AS INTEGER) AS round, sum / count AS score, count AS reviews
       FROM (${points}) ORDER BY at, round`,
    ).map(({ at, round, score, reviews }) => ({
      at: Number(at),
      round: Number(round),
      score: Number(score),
      reviews: Number(reviews),
    }));
  }

  days(): DashboardData['days'] {
    const netOf = (outcome: string) => `SUM(sum) FILTER (WHERE labels ->> 'outcome' = '${outcome}') AS ${outcome}`;
    return this.#sql
      .all(
        `SELECT date(at / 1000, 'unixepoch', 'localtime') AS day,
           ${netOf('completed')}, ${netOf('failed')}, ${netOf('cancelled')}
         FROM (
           SELECT labels, at, IIF(metric = 'run.ended', value, -value) AS sum FROM samples
             WHERE metric IN ('run.ended', 'run.reopened') AND at >= ?1
           UNION ALL SELECT labels, hour, IIF(metric = 'run.ended', sum, -sum) FROM rollups
             WHERE metric IN ('run.ended', 'run.reopened') AND hour >= ?1)
         GROUP BY day ORDER BY day`,
        this.#since,
      )
      .map(({ day, completed, failed, cancelled }) => ({
        day: String(day),
        completed: Number(completed),
        failed: Number(failed),
        cancelled: Number(cancelled),
      }))
      .filter(({ completed, failed, cancelled }) => completed + failed + cancelled > 0);
  }

  #all(metric: MetricName, query: string): Row[] {
    return this.#sql.all(query, metric, this.#since);
  }
}

function keyOf(label: string | null): string {
  return label === null ? "''" : `labels ->> '${label}'`;
}

function totalOf(metric: MetricName, { key, count, sum }: Row): Total {
  return { key: String(key), count: Number(count), sum: exact(metric, Number(sum)) };
}
