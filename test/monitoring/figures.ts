import type { DashboardData, UsageFigures } from '../../src/workflow/metrics/dashboardData.ts';

/** By the values of its grouping labels, '' for a single figure; null is a figure that nothing can be computed for. */
export type Expected = Readonly<Record<string, number | null>>;

const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
const single = (value: number | null): Expected => ({ '': value });

/**
 * What Planwright's own dashboard says, by the titles of the Grafana dashboard: what each of its queries, `panel` and
 * `name`, must answer. `labels` are those that a table's rows are told apart by.
 */
export function figuresOf(data: DashboardData): Record<string, Record<string, { labels: string[]; of: Expected }>> {
  const { active, outcomes, refinement, usage } = data;
  const one = (values: Record<string, number | null>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { labels: [], of: single(value) }]));
  return {
    'Active workflows': one({ active: active.queued + active.inProgress + active.waiting, waiting: active.waiting }),
    'Average review score': one({ mean: data.reviewScore.mean, reviews: data.reviewScore.reviews }),
    'Success rate': one({ 'success rate': outcomes.successRate }),
    Refinement: one({ frequency: refinement.frequency, 'rounds a run': refinement.meanRounds }),
    'Response time': one({
      median: seconds(data.responseTime.median),
      '95 % within': seconds(data.responseTime.p95),
    }),
    'First token': one({ median: seconds(data.firstToken.median), '95 % within': seconds(data.firstToken.p95) }),
    Tokens: one({ input: usage.inputTokens, output: usage.outputTokens, thought: usage.reasoningTokens }),
    'Prompt cache hit rate': one({ 'hit rate': usage.cacheHitRate }),
    Cost: one({ cost: usage.cost ?? 0, 'calls without a price': usage.unpricedCalls }),
    'Hunks accepted': one(data.hunks),
    Retries: one({ retries: data.retries.reduce((sum, { count }) => sum + count, 0) }),
    'Runs ended': one({ completed: outcomes.completed, failed: outcomes.failed, cancelled: outcomes.cancelled }),
    'Phase times': table(
      ['phase'],
      data.phases.map(({ phase, count, median, p95 }) => [phase, { count, median, p95 }]),
      {
        Completed: ({ count }) => count,
        Median: ({ median }) => seconds(median),
        '95 % within': ({ p95 }) => seconds(p95),
      },
    ),
    'Check results': table(
      ['kind'],
      data.checks.map(({ kind, ...check }) => [kind, check]),
      {
        Passed: ({ passed }) => passed,
        Failed: ({ failed }) => failed,
        'New failures': ({ newFailures }) => newFailures,
        'Not run': ({ notRun }) => notRun,
        Median: ({ median }) => seconds(median),
        '95 % within': ({ p95 }) => seconds(p95),
      },
    ),
    'Tokens and cost by agent': usageTable(['agent'], data.usageByAgent),
    'Tokens and cost by model': usageTable(['model'], data.usageByModel),
    'Tokens and cost by agent and model': usageTable(['agent', 'model'], data.usageByAgentAndModel),
    'Retries by cause': table(
      ['code'],
      data.retries.map(({ code, count }) => [code, count]),
      { Retries: (count) => count },
    ),
  };
}

function usageTable<L extends string>(labels: L[], rows: readonly (UsageFigures & Readonly<Record<L, string>>)[]) {
  return table(
    labels,
    rows.map((row) => [labels.map((label) => row[label]).join('\n'), row as UsageFigures]),
    {
      Calls: ({ calls }) => calls,
      Input: ({ inputTokens }) => inputTokens,
      'of which cached': ({ cachedInputTokens }) => cachedInputTokens,
      Output: ({ outputTokens }) => outputTokens,
      'of which thought': ({ reasoningTokens }) => reasoningTokens,
      Cost: ({ cost }) => cost ?? 0,
    },
  );
}

function table<T>(
  labels: string[],
  rows: readonly (readonly [key: string, row: T])[],
  columns: Readonly<Record<string, (row: T) => number | null>>,
) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      { labels, of: Object.fromEntries(rows.map(([key, row]) => [key, value(row)])) as Expected },
    ]),
  );
}
