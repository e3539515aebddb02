import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { type ChartTable, DataTable } from './dataTable.tsx';
import { type Theme, useTheme } from './theme.ts';

export interface LegendEntry {
  readonly label: string;
  readonly color: keyof Theme;
  readonly mark: 'bar' | 'dot' | 'ring';
}

export interface ChartProps {
  readonly id: string;
  readonly title: string;
  /** What the picture shows, in a sentence, for those who do not see it. */
  readonly summary: string;
  readonly legend: readonly LegendEntry[];
  /** In CSS pixels. */
  readonly height: number;
  readonly data: uPlot.AlignedData;
  readonly options: (theme: Theme) => Omit<uPlot.Options, 'width' | 'height'>;
  /** The entry at an index in words, for the line under the picture. */
  readonly describe: (index: number) => string;
  readonly table: ChartTable;
  /** What stands in place of a chart of nothing. */
  readonly empty: string;
}

/** A picture, and the same as a table: drawn in the theme's colours, and again when they or the width change. */
export function Chart(props: ChartProps) {
  const { id, title, summary, legend, height, data, options, describe, table, empty } = props;
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const [pointed, setPointed] = useState<number | null>(null);
  const isEmpty = (data[0]?.length ?? 0) === 0;

  useEffect(() => {
    const box = place.current;
    if (!box) return;
    setPointed(null);
    const chart = new uPlot(
      {
        ...options(theme),
        width: box.clientWidth,
        height,
        legend: { show: false },
        hooks: { setCursor: [({ cursor }) => setPointed(cursor.idx ?? null)] },
      },
      data,
      box,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [data, theme, height]);

  return (
    <section class="chart" aria-labelledby={`chart-${id}`} data-testid={`chart-${id}`}>
      <h2 id={`chart-${id}`}>{title}</h2>
      {isEmpty ? (
        <p class="quiet">{empty}</p>
      ) : (
        <>
          <ul class="legend" aria-hidden="true">
            {legend.map(({ label, color, mark }) => (
              <li key={label}>
                <span class={`mark mark-${mark} color-${color}`} /> {label}
              </li>
            ))}
          </ul>
          <div class="plot" ref={place} role="img" aria-label={summary} />
          <p class="readout quiet" aria-hidden="true">
            {pointed === null ? ' ' : describe(pointed)}
          </p>
          <DataTable id={id} caption={title} table={table} />
        </>
      )}
    </section>
  );
}
