import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { t } from '../l10n.ts';
import { time, whole } from '../numbers.ts';
import { Scrolling } from './dataTable.tsx';

type Checks = DashboardData['checks'];

const kindTitles: Readonly<Record<Checks[number]['kind'], string>> = {
  test: t('Tests'),
  types: t('Types'),
  lint: t('Lint'),
  format: t('Format'),
  build: t('Build'),
};

/** What the workspace's own checks said of edits, by kind. */
export function CheckTable({ checks }: { checks: Checks }) {
  return (
    <section class="chart" aria-labelledby="check-results" data-testid="checks">
      <h2 id="check-results">{t('Check results')}</h2>
      <Scrolling
        caption={t('Check results')}
        table={{
          head: [t('Kind'), t('Passed'), t('Failed'), t('New failures'), t('Not run'), t('Median'), t('95 % within')],
          rows: checks.map(({ kind, passed, failed, newFailures, notRun, median, p95 }) => [
            kindTitles[kind],
            whole(passed),
            whole(failed),
            whole(newFailures),
            whole(notRun),
            time(median),
            time(p95),
          ]),
        }}
      />
      <p class="quiet">{t('New failures are of checks that passed without the edits.')}</p>
    </section>
  );
}
