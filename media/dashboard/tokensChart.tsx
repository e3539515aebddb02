import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { agentName } from '../agentNames.ts';
import { count } from '../format.ts';
import { t } from '../l10n.ts';
import { whole } from '../numbers.ts';
import { axisOf, quietCursor, stackedBar } from './axes.ts';
import { Chart, type LegendEntry } from './chart.tsx';
import type { Theme } from './theme.ts';

type Agents = DashboardData['usageByAgent'];

const legend: readonly LegendEntry[] = [
  { label: t('Fresh input'), color: 'blue', mark: 'bar' },
  { label: t('Cached input'), color: 'purple', mark: 'bar' },
  { label: t('Output'), color: 'yellow', mark: 'bar' },
];

/** What each agent's model calls took. */
export function TokensChart({ agents }: { agents: Agents }) {
  const data = useMemo(() => dataOf(agents), [JSON.stringify(agents)]);
  const total = agents.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  return (
    <Chart
      id="tokens"
      title={t('Tokens by agent')}
      summary={t(
        '{0} tokens: {1}.',
        whole(total),
        agents
          .map(({ agent, inputTokens, outputTokens }) => `${agentName(agent)} ${count(inputTokens + outputTokens)}`)
          .join(', '),
      )}
      legend={legend}
      height={56 + 36 * agents.length}
      data={data}
      options={(theme) => options(theme, agents)}
      describe={(index) => {
        const agent = agents[index];
        if (!agent) return '';
        const { inputTokens, cachedInputTokens, outputTokens } = agent;
        return t(
          '{0}: {1} in, of which {2} cached; {3} out',
          agentName(agent.agent),
          whole(inputTokens),
          whole(cachedInputTokens),
          whole(outputTokens),
        );
      }}
      table={{
        head: [t('Agent'), t('Input'), t('of which cached'), t('Output')],
        rows: agents.map(({ agent, inputTokens, cachedInputTokens, outputTokens }) => [
          agentName(agent),
          whole(inputTokens),
          whole(cachedInputTokens),
          whole(outputTokens),
        ]),
      }}
      empty={t('No model was called in this window.')}
    />
  );
}

/** Stacked, the longest drawn first: fresh input, then cached input, then output. */
function dataOf(agents: Agents): uPlot.AlignedData {
  return [
    agents.map((_, index) => index),
    agents.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    agents.map(({ inputTokens }) => inputTokens),
    agents.map(({ inputTokens, cachedInputTokens }) => inputTokens - cachedInputTokens),
  ];
}

/** Lying bars, so that the agents' names have room on a narrow page. */
function options(theme: Theme, agents: Agents): Omit<uPlot.Options, 'width' | 'height'> {
  const bar = (fill: string) => stackedBar(fill, theme, 24);
  return {
    scales: {
      x: { time: false, ori: 1, dir: -1, range: [-0.5, agents.length - 0.5] },
      y: { ori: 0, dir: 1, range: (_chart, _min, max) => [0, Math.max(1, max) * 1.03] },
    },
    axes: [
      {
        ...axisOf(theme),
        side: 3,
        size: 92,
        grid: { show: false },
        ticks: { show: false },
        splits: () => agents.map((_, index) => index),
        values: () => agents.map(({ agent }) => agentName(agent)),
      },
      {
        ...axisOf(theme),
        side: 2,
        size: 26,
        space: 50,
        values: (_chart, splits) => splits.map((value) => count(value)),
      },
    ],
    cursor: { ...quietCursor, points: { show: false } },
    series: [{}, bar(theme.yellow), bar(theme.purple), bar(theme.blue)],
  };
}
