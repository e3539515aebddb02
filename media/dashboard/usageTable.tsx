import type { UsageFigures } from '../../src/workflow/metrics/dashboardData.ts';
import { t } from '../l10n.ts';
import { money, percent, whole } from '../numbers.ts';
import { Scrolling } from './dataTable.tsx';

interface UsageTableProps {
  readonly id: string;
  readonly title: string;
  /** What a row is about: the heads of its names. */
  readonly of: readonly string[];
  readonly rows: readonly { readonly names: readonly string[]; readonly usage: UsageFigures }[];
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
            texts: of.length,
            head: [
              ...of,
              t('Calls'),
              t('Input'),
              t('of which cached'),
              t('Cache hits'),
              t('Output'),
              t('of which thought'),
              t('Cost'),
            ],
            rows: rows.map(({ names, usage }) => [
              ...names,
              whole(usage.calls),
              whole(usage.inputTokens),
              whole(usage.cachedInputTokens),
              percent(usage.cacheHitRate),
              whole(usage.outputTokens),
              whole(usage.reasoningTokens),
              money(usage.cost),
            ]),
          }}
        />
      )}
    </section>
  );
}
