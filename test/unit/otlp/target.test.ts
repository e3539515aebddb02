import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { targetOfEnvironment } from '../../../src/hosts/otlp/environment.ts';
import { parseHeaders, targetBelow } from '../../../src/hosts/otlp/target.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';

const collector = 'http://127.0.0.1:4318';
const invalid = { name: 'PlanwrightError', code: 'INVALID_INPUT' };

describe('where data goes by the environment', () => {
  it('is nowhere without an endpoint, and where OpenTelemetry is switched off', () => {
    assert.equal(targetOfEnvironment({}), null);
    assert.equal(targetOfEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_SERVICE_NAME: 'x' }), null);
    assert.equal(targetOfEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), null);
    const off = { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    assert.equal(targetOfEnvironment(off), null);
    const none = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
    };
    assert.equal(targetOfEnvironment(none), null);
  });

  it('is below the endpoint, or a signal’s own address as it is', () => {
    const target = targetOfEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://127.0.0.1:8428/opentelemetry/api/v1/push',
    });
    assert.equal(target?.traces?.url, 'https://collector.example/otlp/v1/traces');
    assert.equal(target?.metrics?.url, 'http://127.0.0.1:8428/opentelemetry/api/v1/push');
    assert.equal(target?.protocol, 'http/protobuf');
    assert.equal(target?.timeoutMs, 10_000);
    const metricsOnly = targetOfEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_TRACES_EXPORTER: 'none' });
    assert.deepEqual([metricsOnly?.traces, metricsOnly?.metrics?.url], [null, `${collector}/v1/metrics`]);
  });

  it('has each signal’s own headers over the shared ones', async () => {
    const target = targetOfEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20one,x-team=core',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'authorization=Bearer two',
    });
    assert.deepEqual(await target?.traces?.headers(), { authorization: 'Bearer two', 'x-team': 'core' });
    assert.deepEqual(await target?.metrics?.headers(), { authorization: 'Bearer one', 'x-team': 'core' });
  });

  it('takes times, protocol and resource from their variables, and leaves out numbers that are none', () => {
    const target = targetOfEnvironment({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
      OTEL_METRIC_EXPORT_INTERVAL: 'soon',
      OTEL_RESOURCE_ATTRIBUTES: 'team=core%20one, deployment.environment.name=ci,broken',
      OTEL_SERVICE_NAME: 'nightly',
    });
    assert.equal(target?.protocol, 'http/json');
    assert.deepEqual([target?.timeoutMs, target?.metricsIntervalMs], [2000, 60_000]);
    assert.deepEqual(target?.resource, {
      team: 'core one',
      'deployment.environment.name': 'ci',
      'service.name': 'nightly',
    });
    const grpc = { OTEL_EXPORTER_OTLP_ENDPOINT: collector, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    assert.throws(() => targetOfEnvironment(grpc), invalid);
  });
});

describe('an endpoint', () => {
  it('is an http address without a password; what is refused is not repeated', () => {
    for (const endpoint of ['collector:4318', 'ftp://x', '', 'http://user:hunter2@collector', '//x']) {
      assert.throws(
        () => targetBelow(endpoint, async () => ({})),
        (error) =>
          error instanceof PlanwrightError && error.code === 'INVALID_INPUT' && !error.message.includes('hunter2'),
        endpoint,
      );
    }
  });

  it('asks for the headers of its own origin', async () => {
    const asked: string[] = [];
    const target = targetBelow('https://collector.example:8443/base?x=1', async (origin) => {
      asked.push(origin);
      return { authorization: 'secret' };
    });
    assert.equal(target.traces?.url, 'https://collector.example:8443/base/v1/traces?x=1');
    assert.deepEqual(await target.metrics?.headers(), { authorization: 'secret' });
    assert.deepEqual(asked, ['https://collector.example:8443']);
  });
});

describe('headers in one line', () => {
  it('are names and values, which may be written as in addresses', () => {
    assert.deepEqual(parseHeaders('A=1, b = x=y ,,c='), { a: '1', b: 'x=y', c: '' });
    assert.deepEqual(parseHeaders(''), {});
  });

  it('never end a line of the request, whatever is given, and a refusal repeats none of it', () => {
    for (const text of ['no-value', '=x', 'a b=1', 'a=%0d%0aHost: evil', 'a=%zz', 'ä=1', 'a=x\u2028y']) {
      assert.throws(
        () => parseHeaders(text),
        (error) => error instanceof PlanwrightError && !`${error.message} ${error.hint}`.includes(text),
        text,
      );
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let headers = {};
        try {
          headers = parseHeaders(text);
        } catch (error) {
          assert.ok(error instanceof PlanwrightError);
        }
        new Headers(Object.entries(headers)); // Throws for what may not be sent.
        assert.doesNotMatch(Object.values(headers).join(''), /[\r\n\0]/);
      }),
      { numRuns: 2000 },
    );
  });
});
