import type { Statements } from '../engine/statements.ts';
import { exact, type MetricName, metric, metricNames } from './catalogue.ts';
import { activeRuns } from './dashboard.ts';
import { windows } from './dashboardData.ts';
import type { Labels } from './sample.ts';
import { Series, sinceOf } from './series.ts';

interface FamilyHead {
  /** As Prometheus knows it: with its unit, and `_total` of a counter. */
  readonly name: string;
  readonly help: string;
}

/** One metric as monitoring systems know it, with every series there is of it. */
export type Family = FamilyHead &
  (
    | {
        readonly type: 'counter' | 'gauge';
        readonly series: readonly { readonly labels: Labels; readonly value: number }[];
      }
    | { readonly type: 'histogram'; readonly series: readonly HistogramSeries[] }
  );

export interface HistogramSeries {
  readonly labels: Labels;
  /** Ascending, each with how many values are not above it. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[];
  readonly count: number;
  readonly sum: number;
}

/**
 * Every metric of a workspace, for whoever exports them. Counters and buckets never fall, roll-ups and the removal of
 * runs included. Beside each distribution stand its median and 95th percentile in the dashboard's windows up to `now`,
 * as a histogram's buckets can only estimate them.
 */
export function familiesOf(sql: Statements, now: number): Family[] {
  return [
    ...metricNames.flatMap((name) => [familyOf(sql, name), quantilesOf(sql, name, now)]),
    pricedFamily(sql),
    activeFamily(sql),
  ].filter(({ series }) => series.length > 0);
}

interface SeriesTotal {
  readonly labels: Labels;
  readonly count: number;
  readonly sum: number;
}

function familyOf(sql: Statements, name: MetricName): Family {
  const { kind, exported, help } = metric(name);
  const totals = totalsOf(sql, name);
  return kind === 'counter'
    ? { name: exported, help, type: 'counter', series: totals.map(({ labels, sum }) => ({ labels, value: sum })) }
    : { name: exported, help, type: 'histogram', series: histogram(sql, name, totals) };
}

function totalsOf(sql: Statements, name: MetricName): SeriesTotal[] {
  return sql
    .all(
      `SELECT labels, SUM(count) AS count, SUM(sum) AS sum FROM (
         SELECT labels, 1 AS count, value AS sum FROM samples WHERE metric = ?1
         UNION ALL SELECT labels, count, sum FROM rollups WHERE metric = ?1)
       GROUP BY labels ORDER BY labels`,
      name,
    )
    .map(({ labels, count, sum }) => ({
      labels: JSON.parse(String(labels)) as Labels,
      count: Number(count),
      sum: exact(name, Number(sum)),
    }));
}

/** Cells lie within the bounds, so a roll-up moves no value over one. */
function histogram(sql: Statements, name: MetricName, totals: readonly SeriesTotal[]): HistogramSeries[] {
  const { perExported = 1, bounds = [] } = metric(name);
  const upTo = bounds.map((_, index) => `SUM(count) FILTER (WHERE value <= ?${index + 2}) AS le${index}`);
  const rows = sql.all(
    `SELECT labels, ${upTo.join(', ')} FROM (
       SELECT labels, value, 1 AS count FROM samples WHERE metric = ?1
       UNION ALL SELECT labels, value, count FROM rollup_cells WHERE metric = ?1)
     GROUP BY labels ORDER BY labels`,
    name,
    ...bounds,
  );
  return totals.map(({ labels, count, sum }, series) => ({
    labels,
    buckets: bounds.map((bound, index) => ({
      upTo: bound / perExported,
      count: Number(rows[series]?.[`le${index}`]),
    })),
    count,
    sum: sum / perExported,
  }));
}

/** What a distribution's quantiles are grouped by. */
const quantileLabels: Partial<Record<MetricName, string>> = { 'phase.duration': 'phase', 'check.duration': 'kind' };

function quantilesOf(sql: Statements, name: MetricName, now: number): Family {
  const { kind, exported, perExported = 1, help } = metric(name);
  const family = {
    name: exported.replace(/_seconds$|$/, (unit) => `_quantile${unit}`),
    help: `${help} By nearest rank, in a window.`,
    type: 'gauge' as const,
  };
  if (kind !== 'distribution') return { ...family, series: [] };
  const label = quantileLabels[name] ?? null;
  const series = windows.flatMap(({ name: window }) =>
    new Series(sql, sinceOf(window, now)).spreads(name, label).flatMap(({ key, median, p95 }) => {
      const labels = { ...(label === null ? {} : { [label]: key }), window };
      return [
        { labels: { ...labels, quantile: '0.5' }, value: median / perExported },
        { labels: { ...labels, quantile: '0.95' }, value: p95 / perExported },
      ];
    }),
  );
  return { ...family, series };
}

/** Of how many calls `planwright_cost_total` is the cost. */
function pricedFamily(sql: Statements): Family {
  return {
    name: 'planwright_priced_calls_total',
    help: 'Model calls with a price, whose cost is in planwright_cost_total.',
    type: 'counter',
    series: totalsOf(sql, 'cost').map(({ labels, count }) => ({ labels, value: count })),
  };
}

function activeFamily(sql: Statements): Family {
  const { queued, inProgress, waiting } = activeRuns(sql);
  return {
    name: 'planwright_runs_active',
    help: 'Runs that have not ended.',
    type: 'gauge',
    series: Object.entries({ queued, in_progress: inProgress, waiting }).map(([status, value]) => ({
      labels: { status },
      value,
    })),
  };
}
