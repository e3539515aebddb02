import { useState } from 'preact/hooks';
import { t } from '../l10n.ts';

export interface ChartTable {
  /** The first column's cells are the rows' headers. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many of the first columns are words, not numbers; 1 when absent. */
  readonly texts?: number;
}

/** What a chart shows, as a table that is folded away until somebody wants it. */
export function DataTable({ id, caption, table }: { id: string; caption: string; table: ChartTable }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)} data-testid={`table-${id}`}>
      <summary>{t('Show as table')}</summary>
      {open && <Scrolling caption={caption} table={table} />}
    </details>
  );
}

/** A table in a box of its own: it scrolls there, by keyboard too, and the page stays as wide as the screen. */
export function Scrolling({ caption, table: { head, rows, texts = 1 } }: { caption: string; table: ChartTable }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard
    <section class="table-scroll" tabIndex={0} aria-label={t('{0}, table', caption)}>
      <table>
        <caption class="hidden-caption">{caption}</caption>
        <thead>
          <tr>
            {head.map((title, column) => (
              <th key={title} scope="col" class={column < texts ? '' : 'cell-number'}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={row}>
              {cells.map((cell, column) =>
                column === 0 ? (
                  <th key={head[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={head[column]} class={column < texts ? '' : 'cell-number'}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
