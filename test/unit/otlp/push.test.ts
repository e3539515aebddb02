import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { OtlpPush } from '../../../src/hosts/otlp/otlpPush.ts';
import { type OtlpTarget, targetBelow } from '../../../src/hosts/otlp/target.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { Metrics } from '../../../src/workflow/metrics/metrics.ts';
import { follow, noTrace } from '../../../src/workflow/telemetry/runTrace.ts';
import type { Span } from '../../../src/workflow/telemetry/span.ts';
import { TraceOutbox } from '../../../src/workflow/telemetry/traceOutbox.ts';
import { demoScript, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { jsonLines, openPlace, type Place, requestFile, sampleRun } from '../cli/cliProcess.ts';
import { openStore } from '../metrics/folder.ts';
import { generateRuns, NOW } from '../metrics/generatedRuns.ts';
import { type ReceivedPoint, type ReceivedSpan, startReceiver } from './receiver.ts';

function openPush(t: TestContext, url: string, more: Partial<OtlpTarget> = {}) {
  const opened = openStore(t);
  const outbox = new TraceOutbox(opened.db, opened.store, opened.clock);
  const metrics = new Metrics(opened.db, opened.store, opened.clock);
  const notes: string[] = [];
  const target = { ...targetBelow(url, async () => ({ authorization: 'Bearer hunter2' })), ...more };
  const note = (text: string) => notes.push(text);
  const push = new OtlpPush({ target, outbox, metrics, fetch, version: '1.2.3', instance: 'here', note });
  t.after(() => push.stop());
  return { ...opened, push, notes, metrics };
}

/** Every ended span of the log. */
function spansOf(events: ReturnType<Store['events']>): Span[] {
  let trace = noTrace;
  return events.flatMap((stored) => {
    const next = follow(trace, stored);
    trace = next.trace;
    return next.spans;
  });
}

function comparable({ spanId, parentSpanId = '', name, start, end, attributes }: Span | ReceivedSpan) {
  return { spanId, parentSpanId, name, start, end, attributes };
}

function byId<T extends { spanId: string }>(spans: readonly T[]): T[] {
  return spans.toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
}

/** Points of one metric, by label. */
function pointsOf(points: readonly ReceivedPoint[], name: string, label: string): Record<string, number> {
  const totals: Record<string, number> = {};
  for (const point of points.filter((other) => other.name === name)) {
    const key = String(point.attributes[label]);
    totals[key] = (totals[key] ?? 0) + (point.value ?? point.count ?? 0);
  }
  return totals;
}

describe('pushing by OTLP', () => {
  for (const protocol of ['http/protobuf', 'http/json'] as const) {
    it(`arrives as it was told, in ${protocol}`, async (t) => {
      const receiver = await startReceiver(t);
      const { push, store, time, metrics, notes } = openPush(t, receiver.url, { protocol });
      const ids = generateRuns({ store, time }, { count: 40, seed: 17 });
      time.now = NOW;
      await push.flush();
      const expected = ids.flatMap((id) => spansOf(store.events(id, 0)));
      const spans = receiver.spans();
      assert.deepEqual(byId(spans).map(comparable), byId(expected).map(comparable));
      assert.ok(spans.length > 1000);
      assert.deepEqual(spans[0]?.resource, {
        'service.name': 'planwright',
        'service.version': '1.2.3',
        'service.instance.id': 'here',
      });

      const { usage, outcomes, hunks, responseTime } = metrics.dashboard('all');
      const points = receiver.points();
      const tokens = pointsOf(points, 'planwright_tokens', 'kind');
      assert.deepEqual(tokens, {
        input: usage.inputTokens,
        cached_input: usage.cachedInputTokens,
        output: usage.outputTokens,
        reasoning: usage.reasoningTokens,
      });
      const [ended, reopened] = ['planwright_runs_ended', 'planwright_runs_reopened'].map((name) =>
        pointsOf(points, name, 'outcome'),
      );
      assert.equal((ended?.completed ?? 0) - (reopened?.completed ?? 0), outcomes.completed);
      assert.deepEqual(pointsOf(points, 'planwright_hunks_decided', 'decision'), hunks);
      const response = points.filter(({ name }) => name === 'planwright_model_response');
      assert.equal(
        response.reduce((sum, { count = 0 }) => sum + count, 0),
        responseTime.calls,
      );
      for (const { counts = [], count, bounds = [] } of response) {
        assert.equal(counts.length, bounds.length + 1);
        assert.equal(
          counts.reduce((sum, of) => sum + of, 0),
          count,
        );
      }
      assert.equal(receiver.requests[0]?.headers.authorization, 'Bearer hunter2');
      assert.deepEqual(notes, []);
    });
  }

  it('tells of a receiver that refuses once, without its secret, and catches up when it answers again', async (t) => {
    const receiver = await startReceiver(t);
    receiver.answer(401);
    const { push, store, time, notes } = openPush(t, `${receiver.url}/secret-path`);
    generateRuns({ store, time }, { count: 3, seed: 2 });
    time.now = NOW;
    await push.flush();
    await push.flush();
    const told = (says: string) => ['Metrics', 'Traces'].map((what) => `${what} ${says}`);
    assert.deepEqual(notes.toSorted(), told(`do not reach ${receiver.url}: it answers 401.`));
    receiver.answer(200);
    await push.flush();
    assert.deepEqual(notes.slice(2).sort(), told(`reach ${receiver.url} again.`));
    const paths = new Set(receiver.requests.map(({ path }) => path));
    assert.deepEqual(paths, new Set(['/secret-path/v1/traces', '/secret-path/v1/metrics']));
  });
});

function eventsOf({ data, folder }: Place) {
  const { db } = openDatabase(databasePath(data, folder));
  const store = new Store(db, systemClock);
  const events = store.events(store.listRuns()[0]?.id ?? '', 0);
  db.close();
  return events;
}

describe('the command line', () => {
  it('pushes a run where OTEL_EXPORTER_OTLP_ENDPOINT says, and nowhere without it', async (t) => {
    const receiver = await startReceiver(t);
    const place = await openPlace(t);
    const quiet = await place.cli([...sampleRun, '--plan-only', '--json']);
    assert.equal(quiet.code, 0);
    assert.equal(receiver.requests.length, 0);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2',
    };
    const { code, stdout, stderr } = await place.cli(
      ['resume', jsonLines(quiet.stdout).result.id, '--accept', 'all', '--json'],
      env,
    );
    assert.equal(code, 0, stderr);
    const events = eventsOf(place);
    const spans = receiver.spans();
    assert.deepEqual(byId(spans).map(comparable), byId(spansOf(events)).map(comparable));
    assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1);
    assert.deepEqual(
      spans.filter(({ name }) => name.startsWith('phase')).map(({ name }) => name),
      ['phase planning', 'phase review', 'phase refinement', 'phase implementation'],
    );
    assert.equal(spans.filter(({ name }) => name.startsWith('task ')).length, 4);
    const calls = events.filter(({ event }) => event.type === 'usage').length;
    assert.equal(spans.filter(({ name }) => name === 'chat demo').length, calls);
    const output = pointsOf(receiver.points(), 'planwright_runs_ended', 'outcome');
    assert.deepEqual(output, { completed: 1 });
    const sent = receiver.requests.map(({ body }) => body.toString('latin1')).join('\n');
    assert.doesNotMatch(sent, /slug|Slug|registry|real-world/, 'nothing of the request, the plan or the files');
    assert.doesNotMatch(`${stdout}${stderr}`, /hunter2/);
  });

  it('gives one whole trace of a run that was killed on the way and resumed', async (t) => {
    const receiver = await startReceiver(t);
    const place = await openPlace(t);
    const demo = demoScript();
    let asked = () => {};
    const held = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let hang = true;
    const server = await startScriptedServer((request) => {
      if (!hang || request.n !== 6) return demo(request);
      asked();
      return { kind: 'hang' };
    });
    t.after(server.close);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const model = ['--model', 'openai-compatible:demo', '--base-url', server.url];
    const { child } = place.start(['run', '--input', requestFile, ...model, '--accept', 'all', '--json'], env);
    await held;
    child.kill('SIGKILL');
    await once(child, 'close');
    hang = false;
    const id = place.events()[0]?.runId ?? '';
    const { code, stderr } = await place.cli(['resume', id, ...model.slice(2), '--accept', 'all'], env);
    assert.equal(code, 0, stderr);
    const expected = spansOf(eventsOf(place));
    // What the killed process had sent may have come twice; as the same span then.
    const spans = [...new Map(receiver.spans().map((span) => [span.spanId, span])).values()];
    assert.deepEqual(byId(spans).map(comparable), byId(expected).map(comparable));
    const root = spans.find(({ parentSpanId }) => parentSpanId === '');
    assert.ok(root?.events.some(({ name }) => name === 'resumed'));
    assert.equal(root?.attributes['planwright.outcome'], 'completed');
  });

  it('runs on when nobody listens there, or the variables are of no use, and says so', async (t) => {
    const place = await openPlace(t);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:2', OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
    const silent = await place.cli([...sampleRun, '--plan-only', '--json'], env);
    assert.equal(silent.code, 0);
    assert.match(silent.stderr, /do not reach http:\/\/127\.0\.0\.1:2: ECONNREFUSED/);
    const grpc = await place.cli([...sampleRun, '--plan-only', '--json'], {
      ...env,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    assert.equal(grpc.code, 0);
    assert.match(grpc.stderr, /are not pushed\. OTEL_EXPORTER_OTLP_PROTOCOL is grpc/);
  });
});
