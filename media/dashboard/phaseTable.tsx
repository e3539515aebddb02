import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { Scrolling } from './dataTable.tsx';
import { time } from './numbers.ts';

/** How long each phase takes, waiting for the developer left out. */
export function PhaseTable({ phases }: { phases: DashboardData['phases'] }) {
  return (
    <section class="chart" aria-labelledby="phase-times" data-testid="phases">
      <h2 id="phase-times">Phase times</h2>
      <Scrolling
        caption="Phase times"
        table={{
          head: ['Phase', 'Completed', 'Median', '95 % within'],
          rows: phases.map(({ phase, count, median, p95 }) => [phase, String(count), time(median), time(p95)]),
        }}
      />
      <p class="quiet">Time in which agents were at work; waiting for you and pauses are left out.</p>
    </section>
  );
}
