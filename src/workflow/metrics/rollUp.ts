import type { Statements } from '../engine/statements.ts';
import { type MetricName, metric, metricNames } from './catalogue.ts';
import { cellOf } from './cells.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The first millisecond of the hour that `at` is in. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/**
 * Replaces samples older than `keepDays` days, to the full hour, by one row a series and hour. Each sample goes into
 * its row in the transaction that removes it; one that comes late is added to the row there is.
 * @returns how many samples were replaced
 */
export function rollUp(sql: Statements, keepDays: number, now: number): number {
  const until = hourOf(now - keepDays * DAY_MS);
  let replaced = 0;
  for (const name of metricNames) {
    for (let done = rollUpDay(sql, name, until); done > 0; done = rollUpDay(sql, name, until)) replaced += done;
  }
  return replaced;
}

interface HourRow {
  readonly labels: string;
  readonly hour: number;
  readonly values: number[];
}

/** The oldest day of one metric, in one transaction. */
function rollUpDay(sql: Statements, name: MetricName, until: number): number {
  const first = sql.get('SELECT MIN(at) AS at FROM samples WHERE metric = ? AND at < ?', name, until)?.at;
  if (first === null || first === undefined) return 0;
  const start = hourOf(Number(first));
  const end = Math.min(start + DAY_MS, until);
  return sql.transaction(() => {
    const range = [name, start, end] as const;
    const rows = new Map<string, HourRow>();
    const samples = sql.all('SELECT labels, at, value FROM samples WHERE metric = ? AND at >= ? AND at < ?', ...range);
    for (const { labels, at, value } of samples) {
      const hour = hourOf(Number(at));
      const key = `${hour} ${labels}`;
      const row = rows.get(key) ?? { labels: String(labels), hour, values: [] };
      row.values.push(Number(value));
      rows.set(key, row);
    }
    for (const row of rows.values()) addRow(sql, name, row);
    sql.run('DELETE FROM samples WHERE metric = ? AND at >= ? AND at < ?', ...range);
    return samples.length;
  });
}

function addRow(sql: Statements, name: MetricName, { labels, hour, values }: HourRow): void {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [sum, min, max] = [sum + value, Math.min(min, value), Math.max(max, value)];
  sql.run(
    `INSERT INTO rollups VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count,
       sum = sum + excluded.sum, min = MIN(min, excluded.min), max = MAX(max, excluded.max)`,
    name,
    labels,
    hour,
    values.length,
    sum,
    min,
    max,
  );
  const { kind, bounds } = metric(name);
  if (kind !== 'distribution') return;
  const cells = new Map<number, number>();
  for (const value of values) {
    const cell = cellOf(value, bounds);
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  for (const [cell, count] of cells) {
    sql.run(
      'INSERT INTO rollup_cells VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      name,
      labels,
      hour,
      cell,
      count,
    );
  }
}
