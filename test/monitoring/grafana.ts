import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../../scripts/lib/paths.ts';
import type { WindowName } from '../../src/workflow/metrics/dashboardData.ts';

const dashboardSchema = z.object({
  templating: z.object({
    list: z.array(
      z.object({
        name: z.string(),
        options: z.array(z.object({ text: z.string(), value: z.string() })).optional(),
      }),
    ),
  }),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(['stat', 'table', 'timeseries']),
      title: z.string(),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});

/** One query of the dashboard in docs/. */
export interface Target {
  readonly panel: string;
  readonly type: 'stat' | 'table' | 'timeseries';
  readonly name: string;
  /** The expression as Grafana sends it for a workspace and a window. */
  expression(instance: string, window: WindowName): string;
}

/** Every query of docs/grafana-dashboard.json. */
export function grafanaTargets(): Target[] {
  const { panels, templating } = dashboardSchema.parse(
    JSON.parse(readFileSync(join(root, 'docs/grafana-dashboard.json'), 'utf8')),
  );
  const windows = templating.list.find(({ name }) => name === 'window')?.options ?? [];
  return panels.flatMap(({ title, type, targets }) =>
    targets.map(({ expr, legendFormat }) => ({
      panel: title,
      type,
      name: legendFormat,
      expression(instance, window) {
        const option = windows.find(({ text }) => text === window);
        if (!option) throw new Error(`The dashboard does not offer the window ${window}.`);
        const filled = expr
          .replaceAll(/\$\{window:text\}/g, option.text)
          .replaceAll('$window', option.value)
          .replaceAll('$instance', instance);
        if (filled.includes('$')) throw new Error(`A variable is left in ${filled}`);
        return filled;
      },
    })),
  );
}
