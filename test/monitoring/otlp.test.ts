import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debianProgram } from '../../scripts/lib/debian.ts';
import { systemClock } from '../../src/hosts/node/systemClock.ts';
import { OtlpPush } from '../../src/hosts/otlp/otlpPush.ts';
import { otlpDefaults } from '../../src/hosts/otlp/target.ts';
import { Metrics } from '../../src/workflow/metrics/metrics.ts';
import { TraceOutbox } from '../../src/workflow/telemetry/traceOutbox.ts';
import { parseExposition } from '../unit/metrics/exposition.ts';
import { openStore } from '../unit/metrics/folder.ts';
import { generateRuns } from '../unit/metrics/generatedRuns.ts';
import { eventually, startVictoriaMetrics } from './servers.ts';

/** A real VictoriaMetrics takes what is pushed; it reads OTLP since 1.92, so that of Debian 13 does. */

const found = await debianProgram('victoria-metrics', 'victoria-metrics', 'trixie');
const skip = 'missing' in found ? found.missing : false;

test('every figure that is pushed is the store’s, and the name by which Prometheus would scrape it', {
  skip,
}, async (t) => {
  if ('missing' in found) return;
  const database = await startVictoriaMetrics(t, found.path, ['-opentelemetry.usePrometheusNaming']);
  const { db, store, time } = openStore(t);
  generateRuns({ store, time }, { count: 30, seed: 7, until: Date.now() - 60_000 });
  const metrics = new Metrics(db, store, systemClock);
  const notes: string[] = [];
  const push = new OtlpPush({
    target: {
      ...otlpDefaults,
      traces: null,
      metrics: { url: `${database.url}/opentelemetry/v1/metrics`, headers: async () => ({}) },
      resource: {},
    },
    outbox: new TraceOutbox(db, store, systemClock),
    metrics,
    fetch,
    version: '1.2.3',
    instance: 'here',
    note: (text) => notes.push(text),
  });
  t.after(() => push.stop());
  await push.flush();
  assert.deepEqual(notes, []);
  const wanted = new Map(
    [...parseExposition(metrics.prometheus()).values()].flatMap(({ series }) =>
      [...series].map(
        ([key, { labels, value }]) => [keyOf({ ...labels, __name__: key.replace(/\{.*/s, '') }), value] as const,
      ),
    ),
  );
  assert.ok(wanted.size > 100);
  let got = new Map<string, number>();
  await eventually(async () => {
    const answers = await database.query('{service_name="planwright",service_instance_id="here"}');
    got = new Map(answers.map(({ labels, value }) => [keyOf(labels), value]));
    return got.size >= wanted.size;
  }).catch(() => {}); // What is missing is said below.
  assert.deepEqual(sorted(got), sorted(wanted));
  t.diagnostic(`${wanted.size} series equal`);
});

/** Without what says who pushed. Bounds of buckets are numbers, however they are written; an empty label is none. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels)
    .filter(([name, value]) => value !== '' && !/^(service|scope|otel)_/.test(name))
    .map(([name, value]) => [name, name === 'le' && value !== '+Inf' ? String(Number(value)) : value]);
  return JSON.stringify(pairs.sort());
}

/** VictoriaMetrics keeps some twelve digits. */
function sorted(series: ReadonlyMap<string, number>) {
  return [...series].map(([key, value]) => [key, Number(value.toPrecision(10))]).sort();
}
