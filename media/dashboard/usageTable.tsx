import type { UsageFigures } from '../../src/workflow/metrics/dashboardData.ts';
import { t } from '../l10n.ts';
import { Scrolling } from './dataTable.tsx';
import { money, whole } from './numbers.ts';

interface UsageTableProps {
  readonly id: string;
  readonly title: string;
  /** What a row is about. */
  readonly of: string;
  readonly rows: readonly { readonly name: string; readonly usage: UsageFigures }[];
}

export function UsageTable({ id, title, of, rows }: UsageTableProps) {
  return (
    <section data-testid={`usage-${id}`}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p class="quiet">{t('No model was called in this window.')}</p>
      ) : (
        <Scrolling
          caption={title}
          table={{
            head: [of, t('Calls'), t('Input'), t('of which cached'), t('Output'), t('Cost')],
            rows: rows.map(({ name, usage }) => [
              name,
              whole(usage.calls),
              whole(usage.inputTokens),
              whole(usage.cachedInputTokens),
              whole(usage.outputTokens),
              money(usage.cost),
            ]),
          }}
        />
      )}
    </section>
  );
}
