import { useMemo } from 'preact/hooks';
import type uPlot from 'uplot';
import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { language, plural, t } from '../l10n.ts';
import { axisOf, quietCursor, spanOf, stackedBar, wholeSteps } from './axes.ts';
import { Chart, type LegendEntry } from './chart.tsx';
import type { Theme } from './theme.ts';

const DAY_S = 86_400;

const legend: readonly LegendEntry[] = [
  { label: t('Completed'), color: 'green', mark: 'bar' },
  { label: t('Failed'), color: 'red', mark: 'bar' },
  { label: t('Cancelled'), color: 'grey', mark: 'bar' },
];

/** How many runs ended each day, by how. */
export function DaysChart({ days }: { days: DashboardData['days'] }) {
  const data = useMemo(() => dataOf(days), [JSON.stringify(days)]);
  const total = days.reduce((sum, { completed, failed, cancelled }) => sum + completed + failed + cancelled, 0);
  return (
    <Chart
      id="days"
      title={t('Runs ended per day')}
      summary={t(
        'Runs ended: {0}, on {1}.',
        total,
        plural(days.length, t('{0} day', days.length), t('{0} days', days.length)),
      )}
      legend={legend}
      height={200}
      data={data}
      options={options}
      describe={(index) => {
        const day = days[index];
        if (!day) return '';
        return t(
          '{0}: {1} completed, {2} failed, {3} cancelled',
          dateOf(day.day),
          day.completed,
          day.failed,
          day.cancelled,
        );
      }}
      table={{
        head: [t('Day'), t('Completed'), t('Failed'), t('Cancelled')],
        rows: days.map(({ day, completed, failed, cancelled }) => [
          dateOf(day),
          String(completed),
          String(failed),
          String(cancelled),
        ]),
      }}
      empty={t('No run ended in this window.')}
    />
  );
}

/** Stacked: each bar reaches from the ground to the top of its part, the tallest drawn first. */
function dataOf(days: DashboardData['days']): uPlot.AlignedData {
  return [
    days.map(({ day }) => midnight(day).getTime() / 1000),
    days.map(({ completed, failed, cancelled }) => completed + failed + cancelled),
    days.map(({ completed, failed }) => completed + failed),
    days.map(({ completed }) => completed),
  ];
}

function options(theme: Theme): Omit<uPlot.Options, 'width' | 'height'> {
  const bar = (fill: string) => stackedBar(fill, theme, 36);
  return {
    scales: {
      // A week at least, so that one day is not a wall.
      x: { range: (chart) => spanOf(chart.data[0], 6 * DAY_S, 'end', 0.75 * DAY_S) },
      y: { range: (_chart, _min, max) => [0, Math.max(1, max) * 1.05] },
    },
    axes: [
      {
        ...axisOf(theme),
        size: 28,
        grid: { show: false },
        incrs: [1, 2, 3, 7, 14, 28, 91, 182, 364].map((days) => days * DAY_S),
        space: 56,
        values: (_chart, splits) =>
          splits.map((at) => new Date(at * 1000).toLocaleDateString(language(), { month: 'short', day: 'numeric' })),
      },
      { ...axisOf(theme), size: 34, incrs: wholeSteps },
    ],
    cursor: { ...quietCursor, points: { show: false } },
    series: [{}, bar(theme.grey), bar(theme.red), bar(theme.green)],
  };
}

/** The beginning of a day of this machine's time zone. */
function midnight(day: string): Date {
  return new Date(`${day}T00:00:00`);
}

function dateOf(day: string): string {
  return midnight(day).toLocaleDateString(language(), { dateStyle: 'medium' });
}
