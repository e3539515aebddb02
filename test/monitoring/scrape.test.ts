import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../scripts/lib/processes.ts';
import { databasePath } from '../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../src/hosts/node/systemClock.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import { windows } from '../../src/workflow/metrics/dashboardData.ts';
import { Metrics } from '../../src/workflow/metrics/metrics.ts';
import { openPlace, type Place, written } from '../unit/cli/cliProcess.ts';
import { generateRuns, storeAt } from '../unit/metrics/generatedRuns.ts';
import { type Comparison, compare } from './compare.ts';
import { grafanaTargets } from './grafana.ts';
import { eventually, folderOf, programs, startPrometheus, startVictoriaMetrics } from './servers.ts';

/** A real Prometheus scrapes `planwright serve` and writes on to a real VictoriaMetrics. */

const found = await programs();
const skip = 'missing' in found ? found.missing : false;
const token = 'a-token-for-tests';

/** Runs of all kinds that the figures are about; none that the server would go on with. */
function writeHistory({ data, folder }: Place): void {
  const { db, store, time } = storeAt(databasePath(data, folder));
  for (const id of generateRuns({ store, time }, { count: 40, seed: 4, until: Date.now() - 60_000 }))
    store.setPaused(id, true);
  db.close();
}

async function serve(t: TestContext, place: Place, port: number) {
  const args = ['serve', '--port', String(port), '--model', 'demo', '--demo-speed', '0'];
  const { child, ended } = place.start(args, { PLANWRIGHT_TOKEN: token });
  t.after(() => child.kill('SIGKILL'));
  await written(child.stderr, /server\.json/);
  const call = async (path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/workflows${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return (await answer.json()) as { id: string; status: string; items: { id: string }[] };
  };
  return {
    call,
    async stop() {
      child.kill('SIGINT');
      assert.equal((await ended).code, 0);
    },
  };
}

/** As docs/metrics.md has it. */
function configuration(folder: string, target: string, writeTo: string): string {
  const file = join(folder, 'token');
  writeFileSync(file, token);
  return `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: planwright
    authorization: { credentials_file: ${JSON.stringify(file)} }
    static_configs: [{ targets: [${JSON.stringify(target)}] }]
remote_write:
  - url: ${writeTo}/api/v1/write
`;
}

test('each query of the Grafana dashboard answers as Planwright’s own dashboard, while runs go on', {
  skip,
}, async (t) => {
  if ('missing' in found) return;
  const place = await openPlace(t);
  writeHistory(place);
  const port = await freePort();
  const instance = `127.0.0.1:${port}`;
  const victoria = await startVictoriaMetrics(t, found.victoriaMetrics);
  const folder = folderOf(t, 'scraping');
  const config = configuration(folder, instance, victoria.url);
  const prometheus = await startPrometheus(t, found.prometheus, { data: join(folder, 'tsdb'), config });
  const { db, store } = storeAt(databasePath(place.data, place.folder));
  t.after(() => db.close());
  const metrics = new Metrics(db, store, systemClock);
  const targets = grafanaTargets();

  const equalNow = async (state: string) => {
    for (const [name, database] of [
      ['Prometheus', prometheus],
      ['VictoriaMetrics, by remote write', victoria],
    ] as const) {
      for (const { name: window } of windows) {
        // It scrapes once a second: what it has not seen yet it will have soon.
        let last: Comparison = { compared: 0, differences: [] };
        await eventually(async () => {
          last = await compare(database, targets, inWhole(metrics, window), { instance });
          return last.differences.length === 0;
        }).catch((error) => assert.deepEqual(last.differences, [], `${name}, ${window}, ${state}: ${error}`));
        t.diagnostic(`${name}, ${window}, ${state}: ${last.compared} figures equal`);
      }
    }
  };

  const first = await serve(t, place, port);
  const { id } = await first.call('/implementation', sampleInput);
  await eventually(async () => (await first.call(`/${id}/status`)).status === 'waiting');
  await equalNow('a run waits');
  await first.stop();
  const { code, stderr } = await place.cli(['resume', id, '--demo-speed', '0', '--accept', 'all']);
  assert.equal(code, 0, stderr);
  await serve(t, place, port);
  await equalNow('the run is completed');
});

/**
 * Who has scraped for some seconds only knows no earlier counts: its windows of counters go back to the beginning,
 * whatever they are called. Its medians are of the window.
 */
function inWhole(metrics: Metrics, window: (typeof windows)[number]['name']) {
  const { phases, responseTime, firstToken, checks } = metrics.dashboard(window);
  const all = metrics.dashboard('all');
  const spread = <T extends { median: number | null; p95: number | null }>(of: T, from: T | undefined): T => ({
    ...of,
    median: from?.median ?? null,
    p95: from?.p95 ?? null,
  });
  return {
    ...all,
    window,
    phases: all.phases.map((of, index) => spread(of, phases[index])),
    responseTime: spread(all.responseTime, responseTime),
    firstToken: spread(all.firstToken, firstToken),
    checks: all.checks.map((of) =>
      spread(
        of,
        checks.find(({ kind }) => kind === of.kind),
      ),
    ),
  };
}

test('a Prometheus without the token gets nothing', { skip }, async (t) => {
  if ('missing' in found) return;
  const place = await openPlace(t);
  const port = await freePort();
  await serve(t, place, port);
  const target = `127.0.0.1:${port}`;
  const config = configuration(folderOf(t, 'scraping'), target, `http://127.0.0.1:${await freePort()}`).replace(
    /authorization:.*/,
    '',
  );
  const prometheus = await startPrometheus(t, found.prometheus, { data: folderOf(t, 'tsdb'), config });
  await eventually(async () => (await prometheus.query('up')).some(({ value }) => value === 0));
  assert.deepEqual(await prometheus.query('planwright_runs_active'), []);
});
