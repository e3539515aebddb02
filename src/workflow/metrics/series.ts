import type { Row, Statements } from '../engine/statements.ts';
import { exact, type MetricName } from './catalogue.ts';
import { type DashboardData, type UsageFigures, type WindowName, windows } from './dashboardData.ts';
import { DAY_MS, hourOf } from './rollUp.ts';

/** The first millisecond that counts in a window: of a full hour, or 0 for all there is. */
export function sinceOf(window: WindowName, now: number): number {
  const days = windows.find(({ name }) => name === window)?.days ?? null;
  return days === null ? 0 : hourOf(now - days * DAY_MS);
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

/**
 * What to group by: one label, several (their values as a JSON array are the key), or null for everything in one
 * group with the key ''.
 */
type Grouping = string | readonly string[] | null;

/** Queries of one window. */
export class Series {
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
  totals(metric: MetricName, label: Grouping): Total[] {
    return this.#all(
      metric,
      `SELECT ${keyOf(label)} AS key, SUM(count) AS count, SUM(sum) AS sum FROM (${points}) GROUP BY key ORDER BY key`,
    ).map((row) => totalOf(metric, row));
  }

  /** Nearest-rank percentiles, with whole numbers only so that no rank is rounded the wrong way. */
  spreads(metric: MetricName, label: Grouping): { key: string; count: number; median: number; p95: number }[] {
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
  usage(label: Grouping): (UsageFigures & { key: string })[] {
    const tokens = this.#all(
      'tokens',
      `SELECT ${keyOf(label)} AS key, labels ->> 'kind' AS kind, SUM(sum) AS sum FROM (${points}) GROUP BY key, kind`,
    );
    const ofKind = (key: string, kind: string) =>
      Number(tokens.find((row) => row.key === key && row.kind === kind)?.sum ?? 0);
    const costs = new Map(this.totals('cost', label).map((row) => [row.key, row]));
    return this.totals('response.time', label).map(({ key, count: calls }) => {
      const [inputTokens, cachedInputTokens] = [ofKind(key, 'input'), ofKind(key, 'cached_input')];
      return {
        key,
        calls,
        inputTokens,
        cachedInputTokens,
        cacheHitRate: inputTokens === 0 ? null : Math.min(1, cachedInputTokens / inputTokens),
        outputTokens: ofKind(key, 'output'),
        reasoningTokens: ofKind(key, 'reasoning'),
        cost: costs.get(key)?.sum ?? null,
        unpricedCalls: calls - (costs.get(key)?.count ?? 0),
      };
    });
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

/** Labels are named in the code, never by data. */
function keyOf(label: Grouping): string {
  if (label === null) return "''";
  return typeof label === 'string'
    ? `labels ->> '${label}'`
    : `json_array(${label.map((name) => `labels ->> '${name}'`).join(', ')})`;
}

function totalOf(metric: MetricName, { key, count, sum }: Row): Total {
  return { key: String(key), count: Number(count), sum: exact(metric, Number(sum)) };
}
