import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { language, plural, t } from '../l10n.ts';
import { decimal } from '../numbers.ts';
import { axisOf, quietCursor, spanOf } from './axes.ts';
import { Chart, type LegendEntry } from './chart.tsx';
import type { Theme } from './theme.ts';

const HOUR_S = 3600;

type Score = DashboardData['scores'][number];

const legend: readonly LegendEntry[] = [
  { label: t('First review'), color: 'blue', mark: 'dot' },
  { label: t('After refinement'), color: 'yellow', mark: 'ring' },
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
      title={t('Review score over time')}
      summary={t(
        '{0} with scores from {1} to {2}.',
        plural(reviews, t('{0} review', reviews), t('{0} reviews', reviews)),
        decimal(Math.min(...values)),
        decimal(Math.max(...values)),
      )}
      legend={legend}
      height={200}
      data={data}
      options={options}
      describe={(index) => (scores[index] ? sentence(scores[index]) : '')}
      table={{
        head: [t('Time'), t('Review'), t('Score'), t('Reviews')],
        texts: 2,
        rows: scores.map((score) => [
          dateTime(score.at),
          roundName(score.round),
          decimal(score.score),
          String(score.reviews),
        ]),
      }}
      empty={t('No plan was reviewed in this window.')}
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
  return {
    scales: { x: { range: (chart) => spanOf(chart.data[0], HOUR_S, 'middle', 0) }, y: { range: [0, 100] } },
    axes: [
      { ...axisOf(theme), size: 28, space: 60, values: (_chart, splits) => splits.map(momentName) },
      { ...axisOf(theme), size: 34, incrs: [20, 25, 50] },
    ],
    cursor: quietCursor,
    series: [
      {},
      { spanGaps: true, width: 1, stroke: theme.blue, points: { show: true, size: 6, fill: theme.blue } },
      {
        stroke: theme.yellow,
        paths: () => null, // Rounds of different plans have no line between them.
        points: { show: true, size: 7, fill: theme.background, width: 1.5 },
      },
    ],
  };
}

function sentence({ at, round, score, reviews }: Score): string {
  return reviews > 1
    ? t('{0}, {1}: {2}, mean of {3}', dateTime(at), roundName(round), decimal(score), reviews)
    : t('{0}, {1}: {2}', dateTime(at), roundName(round), decimal(score));
}

/** The hour, or at midnight the day; of seconds since the epoch. */
function momentName(seconds: number): string {
  const at = new Date(seconds * 1000);
  return at.getHours() === 0 && at.getMinutes() === 0
    ? at.toLocaleDateString(language(), { month: 'short', day: 'numeric' })
    : at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function roundName(round: number): string {
  return round === 0 ? t('First review') : t('After round {0}', round);
}

function dateTime(at: number): string {
  return new Date(at).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' });
}
