import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { t } from '../l10n.ts';
import { time, whole } from '../numbers.ts';
import { phaseTitles } from '../phaseTitles.ts';
import { Scrolling } from './dataTable.tsx';

/** How long each phase takes, waiting for the developer left out. */
export function PhaseTable({ phases }: { phases: DashboardData['phases'] }) {
  return (
    <section class="chart" aria-labelledby="phase-times" data-testid="phases">
      <h2 id="phase-times">{t('Phase times')}</h2>
      <Scrolling
        caption={t('Phase times')}
        table={{
          head: [t('Phase'), t('Completed'), t('Median'), t('95 % within')],
          rows: phases.map(({ phase, count, median, p95 }) => [
            phaseTitles[phase],
            whole(count),
            time(median),
            time(p95),
          ]),
        }}
      />
      <p class="quiet">{t('Time in which agents were at work; waiting for you and pauses are left out.')}</p>
    </section>
  );
}
