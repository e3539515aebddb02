import type { DatabaseSync } from 'node:sqlite';
import { Statements } from '../engine/statements.ts';
import type { Store } from '../engine/store.ts';
import type { Clock } from '../ports.ts';
import { Collector } from './collector.ts';
import { computeDashboard } from './dashboard.ts';
import type { DashboardData, WindowName } from './dashboardData.ts';
import { type Family, familiesOf } from './families.ts';
import { prometheusText } from './prometheus.ts';
import { rollUp } from './rollUp.ts';

/** The time series of one workspace: whoever asks for figures first takes in what has happened since. */
export class Metrics {
  readonly #sql: Statements;
  readonly #clock: Clock;
  readonly #collector: Collector;
  readonly #rawDays: () => number;

  /**
   * @param db the connection of `store`
   * @param rawDays for how many days samples are kept before they are rolled up by the hour
   */
  constructor(db: DatabaseSync, store: Store, clock: Clock, rawDays: () => number = () => 30) {
    this.#sql = new Statements(db);
    this.#clock = clock;
    this.#collector = new Collector(this.#sql, store);
    this.#rawDays = rawDays;
  }

  /** To be called before runs are removed: what was not taken in by then is lost to the figures. */
  collect(): void {
    this.#collector.collect();
    rollUp(this.#sql, Math.max(1, this.#rawDays()), this.#clock.now());
  }

  dashboard(window: WindowName): DashboardData {
    this.collect();
    return computeDashboard(this.#sql, window, this.#clock.now());
  }

  /** Every metric, for whoever exports them. */
  families(): Family[] {
    this.collect();
    return familiesOf(this.#sql, this.#clock.now());
  }

  /** In the text format of Prometheus. */
  prometheus(): string {
    return prometheusText(this.families());
  }

  /** When the first measurement was made, in milliseconds since the epoch; now when there is none. */
  since(): number {
    const first = this.#sql.get(
      'SELECT MIN(at) AS at FROM (SELECT at FROM samples UNION ALL SELECT hour FROM rollups)',
    );
    return Number(first?.at ?? this.#clock.now());
  }
}
