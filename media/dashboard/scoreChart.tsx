import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { plural } from '../format.ts';
import { axisOf, quietCursor } from './axes.ts';
import { Chart, type LegendEntry } from './chart.tsx';
import { decimal } from './numbers.ts';
import type { Theme } from './theme.ts';

type Score = DashboardData['scores'][number];

const legend: readonly LegendEntry[] = [
  { label: 'First review', color: 'blue', mark: 'dot' },
  { label: 'After refinement', color: 'orange', mark: 'ring' },
];

/** Every review's score when it was made: what plans score at first, and what refining makes of them. */
export function ScoreChart({ scores }: { scores: DashboardData['scores'] }) {
  // As text: figures that come again without a change are the same picture.
  const data = useMemo(() => dataOf(scores), [JSON.stringify(scores)]);
  const reviews = scores.reduce((sum, score) => sum + score.reviews, 0);
  const values = scores.map(({ score }) => score);
  return (
    <Chart
      id="scores"
      title="Review score over time"
      summary={`${plural(reviews, 'review')} with scores from ${decimal(Math.min(...values))} to ${decimal(Math.max(...values))}.`}
      legend={legend}
      height={200}
      data={data}
      options={options}
      describe={(index) => (scores[index] ? sentence(scores[index]) : '')}
      table={{
        head: ['Time', 'Review', 'Score', 'Reviews'],
        rows: scores.map((score) => [
          dateTime(score.at),
          roundName(score.round),
          decimal(score.score),
          String(score.reviews),
        ]),
      }}
      empty="No plan was reviewed in this window."
    />
  );
}

function dataOf(scores: readonly Score[]): uPlot.AlignedData {
  return [
    scores.map(({ at }) => at / 1000),
    scores.map(({ round, score }) => (round === 0 ? score : null)),
    scores.map(({ round, score }) => (round === 0 ? null : score)),
  ];
}

function options(theme: Theme): Omit<uPlot.Options, 'width' | 'height'> {
  const line = { spanGaps: true, width: 1.5 };
  return {
    scales: { y: { range: [0, 100] } },
    axes: [
      { ...axisOf(theme), size: 36 },
      { ...axisOf(theme), size: 34, incrs: [20, 25, 50] },
    ],
    cursor: quietCursor,
    series: [
      {},
      { ...line, stroke: theme.blue, points: { show: true, size: 6, fill: theme.blue } },
      {
        ...line,
        stroke: theme.orange,
        dash: [4, 4],
        points: { show: true, size: 7, fill: theme.background, width: 1.5 },
      },
    ],
  };
}

function sentence({ at, round, score, reviews }: Score): string {
  const many = reviews > 1 ? `, mean of ${reviews}` : '';
  return `${dateTime(at)}, ${roundName(round).toLowerCase()}: ${decimal(score)}${many}`;
}

function roundName(round: number): string {
  return round === 0 ? 'First review' : `After round ${round}`;
}

function dateTime(at: number): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
