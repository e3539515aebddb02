import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { windows } from '../../src/workflow/metrics/dashboardData.ts';
import { compare } from './compare.ts';
import { grafanaTargets } from './grafana.ts';
import { HOUR_MS, history, withTimes } from './history.ts';
import { folderOf, programs, startPrometheus, startVictoriaMetrics } from './servers.ts';

/** Days of a workspace, scraped every hour while its samples were rolled up, in real databases. */

const found = await programs();
const skip = 'missing' in found ? found.missing : false;
const instance = 'workspace:1';

test('PromQL answers each figure as the dashboard does, in every window, over the border of the roll-ups', {
  skip,
}, async (t) => {
  if ('missing' in found) return;
  const told = history(t, Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  assert.ok(told.rolledUp > 100 && told.raw > 100, `${told.rolledUp} rows rolled up, ${told.raw} raw`);

  const data = folderOf(t, 'tsdb');
  const file = join(folderOf(t, 'backfill'), 'metrics.txt');
  writeFileSync(file, `${withTimes(told, instance, 's')}# EOF\n`);
  execFileSync(found.promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data]);
  const prometheus = await startPrometheus(t, found.prometheus, { data });

  const victoria = await startVictoriaMetrics(t, found.victoriaMetrics);
  const imported = await fetch(`${victoria.url}/api/v1/import/prometheus`, {
    method: 'POST',
    body: withTimes(told, instance, 'ms'),
  });
  assert.equal(imported.status, 204);
  await fetch(`${victoria.url}/internal/force_flush`);

  const targets = grafanaTargets();
  for (const { name } of windows) {
    for (const [database, label] of [
      [prometheus, 'Prometheus'],
      [victoria, 'VictoriaMetrics'],
    ] as const) {
      const at = { instance, at: told.end / 1000 };
      const { compared, differences } = await compare(database, targets, told.metrics.dashboard(name), at);
      assert.deepEqual(differences, [], `${label}, ${name}`);
      t.diagnostic(`${label}, ${name}: ${compared} figures equal`);
    }
  }
});
