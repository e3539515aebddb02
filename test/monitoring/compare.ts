import type { DashboardData } from '../../src/workflow/metrics/dashboardData.ts';
import { figuresOf } from './figures.ts';
import type { Target } from './grafana.ts';
import type { Database } from './servers.ts';

/** Sums of fractions differ in their last digits with the order they are added in. */
const TOLERANCE = 1e-6;

export interface Comparison {
  /** How many figures were compared. */
  readonly compared: number;
  /** One line for each that differs. */
  readonly differences: string[];
}

/**
 * Asks a database every query of the Grafana dashboard and holds the answers against Planwright's own dashboard. A
 * count that is 0 may be no series at all; what cannot be computed must be none or no number.
 */
export async function compare(
  database: Database,
  targets: readonly Target[],
  data: DashboardData,
  { instance, at }: { readonly instance: string; readonly at?: number },
): Promise<Comparison> {
  const figures = figuresOf(data);
  const differences: string[] = [];
  let compared = 0;
  for (const target of targets) {
    const expression = target.expression(instance, data.window);
    const answers = await database.query(expression, at);
    const expected = figures[target.panel]?.[target.name];
    if (!expected) {
      // Charts show what no figure of the dashboard says; that their query is understood was seen.
      if (target.type !== 'timeseries') differences.push(`${target.panel}, ${target.name}: is no figure`);
      continue;
    }
    const { labels, of } = expected;
    const found = new Map(
      answers.map((answer) => [labels.map((label) => answer.labels[label] ?? '').join('\n'), answer.value]),
    );
    for (const key of new Set([...Object.keys(of), ...found.keys()])) {
      const [want, got] = [of[key] ?? null, found.get(key) ?? null];
      compared += 1;
      if (!agree(want, got))
        differences.push(
          `${data.window} ${target.panel}, ${target.name} {${key}}: ${got}, not ${want}\n  ${expression}`,
        );
    }
  }
  return { compared, differences };
}

function agree(want: number | null, got: number | null): boolean {
  const [wanted, gotten] = [want ?? 0, got === null || Number.isNaN(got) ? 0 : got];
  if (want !== null && want !== 0 && got === null) return false;
  return Math.abs(wanted - gotten) <= TOLERANCE * Math.max(1, Math.abs(wanted));
}
