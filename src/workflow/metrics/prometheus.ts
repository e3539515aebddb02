import type { Statements } from '../engine/statements.ts';
import { exact, type MetricName, metric, metricNames } from './catalogue.ts';
import { activeRuns } from './dashboard.ts';
import { windows } from './dashboardData.ts';
import type { Labels } from './sample.ts';
import { Series, sinceOf } from './series.ts';

/** What the text is, for the Content-Type of an answer. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Every metric in the text format that Prometheus reads, version 0.0.4:
 * https://prometheus.io/docs/instrumenting/exposition_formats/. Counters and buckets never fall, roll-ups and the
 * removal of runs included. Beside each distribution stand its median and 95th percentile in the dashboard's windows up
 * to `now`, as a histogram's buckets can only estimate them.
 */
export function prometheusText(sql: Statements, now: number): string {
  return [
    ...metricNames.flatMap((name) => [...familyOf(sql, name), ...quantilesOf(sql, name, now)]),
    ...pricedFamily(sql),
    ...activeFamily(sql),
    '',
  ].join('\n');
}

interface SeriesTotal {
  readonly labels: Labels;
  readonly count: number;
  readonly sum: number;
}

function familyOf(sql: Statements, name: MetricName): string[] {
  const { kind, exported } = metric(name);
  const totals = totalsOf(sql, name);
  if (totals.length === 0) return [];
  return kind === 'counter'
    ? [...head(name, 'counter'), ...totals.map(({ labels, sum }) => line(exported, labels, sum))]
    : [...head(name, 'histogram'), ...histogram(sql, name, totals)];
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
function histogram(sql: Statements, name: MetricName, totals: readonly SeriesTotal[]): string[] {
  const { exported, perExported = 1, bounds = [] } = metric(name);
  const upTo = bounds.map((_, index) => `SUM(count) FILTER (WHERE value <= ?${index + 2}) AS le${index}`);
  const rows = sql.all(
    `SELECT labels, ${upTo.join(', ')} FROM (
       SELECT labels, value, 1 AS count FROM samples WHERE metric = ?1
       UNION ALL SELECT labels, value, count FROM rollup_cells WHERE metric = ?1)
     GROUP BY labels ORDER BY labels`,
    name,
    ...bounds,
  );
  return totals.flatMap(({ labels, count, sum }, series) => [
    ...bounds.map((bound, index) =>
      line(`${exported}_bucket`, { ...labels, le: String(bound / perExported) }, Number(rows[series]?.[`le${index}`])),
    ),
    line(`${exported}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${exported}_sum`, labels, sum / perExported),
    line(`${exported}_count`, labels, count),
  ]);
}

/** What a distribution's quantiles are grouped by. */
const quantileLabels: Partial<Record<MetricName, string>> = { 'phase.duration': 'phase', 'check.duration': 'kind' };

function quantilesOf(sql: Statements, name: MetricName, now: number): string[] {
  const { kind, exported, perExported = 1, help } = metric(name);
  if (kind !== 'distribution') return [];
  const family = exported.replace(/_seconds$|$/, (unit) => `_quantile${unit}`);
  const label = quantileLabels[name] ?? null;
  const lines = windows.flatMap(({ name: window }) =>
    new Series(sql, sinceOf(window, now)).spreads(name, label).flatMap(({ key, median, p95 }) => {
      const labels = { ...(label === null ? {} : { [label]: key }), window };
      return [
        line(family, { ...labels, quantile: '0.5' }, median / perExported),
        line(family, { ...labels, quantile: '0.95' }, p95 / perExported),
      ];
    }),
  );
  return lines.length === 0 ? [] : [...headOf(family, `${help} By nearest rank, in a window.`, 'gauge'), ...lines];
}

/** Of how many calls `planwright_cost_total` is the cost. */
function pricedFamily(sql: Statements): string[] {
  const family = 'planwright_priced_calls_total';
  const totals = totalsOf(sql, 'cost');
  if (totals.length === 0) return [];
  return [
    ...headOf(family, 'Model calls with a price, whose cost is in planwright_cost_total.', 'counter'),
    ...totals.map(({ labels, count }) => line(family, labels, count)),
  ];
}

function activeFamily(sql: Statements): string[] {
  const { queued, inProgress, waiting } = activeRuns(sql);
  return [
    '# HELP planwright_runs_active Runs that have not ended.',
    '# TYPE planwright_runs_active gauge',
    ...Object.entries({ queued, in_progress: inProgress, waiting }).map(([status, value]) =>
      line('planwright_runs_active', { status }, value),
    ),
  ];
}

function head(name: MetricName, type: 'counter' | 'histogram'): string[] {
  const { exported, help } = metric(name);
  return headOf(exported, help, type);
}

function headOf(family: string, help: string, type: 'counter' | 'gauge' | 'histogram'): string[] {
  return [`# HELP ${family} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${family} ${type}`];
}

function line(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
