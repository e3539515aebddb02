import type { DashboardData, UsageFigures } from './dashboardData.ts';

type Cell = string | number | null;
type Line = readonly [figure: string, of: string, statistic: string, value: Cell, unit: string];

/**
 * The dashboard as one long table for spreadsheets and programs: a line a value, in the order of the screen. What
 * could not be computed is empty. RFC 4180.
 */
export function dashboardCsv(data: DashboardData): string {
  const lines: Line[] = [
    ['window', '', 'name', data.window, ''],
    ['window', '', 'since', data.since === 0 ? null : iso(data.since), 'time'],
    ['window', '', 'until', iso(data.at), 'time'],
    ...numbers('active workflows', '', data.active, 'runs'),
    ['review score', '', 'mean', data.reviewScore.mean, 'points'],
    ['review score', '', 'reviews', data.reviewScore.reviews, 'reviews'],
    ['outcome', 'completed', 'count', data.outcomes.completed, 'runs'],
    ['outcome', 'failed', 'count', data.outcomes.failed, 'runs'],
    ['outcome', 'cancelled', 'count', data.outcomes.cancelled, 'runs'],
    ['success rate', '', 'part', data.outcomes.successRate, '1'],
    ['refinement', '', 'reviewed', data.refinement.reviewed, 'runs'],
    ['refinement', '', 'refined', data.refinement.refined, 'runs'],
    ['refinement', '', 'frequency', data.refinement.frequency, '1'],
    ['refinement', '', 'mean rounds', data.refinement.meanRounds, 'rounds'],
    ...data.phases.flatMap(({ phase, count, median, p95 }) => spread('phase time', phase, count, median, p95)),
    ...spread('response time', '', data.responseTime.calls, data.responseTime.median, data.responseTime.p95),
    ...spread('first token', '', data.firstToken.calls, data.firstToken.median, data.firstToken.p95),
    ...usage('', data.usage),
    ...data.usageByAgent.flatMap(({ agent, ...figures }) => usage(`agent ${agent}`, figures)),
    ...data.usageByModel.flatMap(({ model, ...figures }) => usage(`model ${model}`, figures)),
    ...data.usageByAgentAndModel.flatMap(({ agent, model, ...figures }) =>
      usage(`agent ${agent}, model ${model}`, figures),
    ),
    ...numbers('hunks', '', data.hunks, 'hunks'),
    ...data.checks.flatMap(({ kind, median, p95, ...counts }) => [
      ...numbers('checks', kind, counts, 'checks'),
      ...spread('check time', kind, counts.passed + counts.failed, median, p95),
    ]),
    ...data.retries.map(({ code, count }): Line => ['retries', code, 'count', count, 'retries']),
    ...data.scores.map(({ at, round, score }): Line => ['score over time', iso(at), `round ${round}`, score, 'points']),
    ...data.days.flatMap(({ day, ...outcomes }) => numbers('runs per day', day, outcomes, 'runs')),
  ];
  return [['figure', 'of', 'statistic', 'value', 'unit'], ...lines]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('');
}

function numbers(figure: string, of: string, values: Readonly<Record<string, number>>, unit: string): Line[] {
  return Object.entries(values).map(([statistic, value]) => [figure, of, statistic, value, unit]);
}

function spread(figure: string, of: string, count: number, median: number | null, p95: number | null): Line[] {
  return [
    [figure, of, 'count', count, '1'],
    [figure, of, 'median', median, 'ms'],
    [figure, of, 'p95', p95, 'ms'],
  ];
}

function usage(of: string, { cost, calls, unpricedCalls, cacheHitRate, ...tokens }: UsageFigures): Line[] {
  return [
    ['model calls', of, 'count', calls, 'calls'],
    ...numbers('tokens', of, tokens, 'tokens'),
    ['cache hit rate', of, 'part', cacheHitRate, '1'],
    ['cost', of, 'sum', cost, 'currency of the prices'],
    ['cost', of, 'calls without a price', unpricedCalls, 'calls'],
  ];
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** A text that a spreadsheet would take for a formula is kept from being one. */
function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
