import { PlanwrightError } from '../../workflow/errors.ts';
import { below, endpointOf, type Headers, type OtlpTarget, otlpDefaults, parseHeaders, type Signal } from './target.ts';

/**
 * Where OpenTelemetry's own environment variables say that data goes; null when they do not.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * @throws PlanwrightError INVALID_INPUT
 */
export function targetOfEnvironment(env: NodeJS.ProcessEnv): OtlpTarget | null {
  if (isTrue(env.OTEL_SDK_DISABLED)) return null;
  const traces = signalOf(env, 'TRACES', 'v1/traces');
  const metrics = signalOf(env, 'METRICS', 'v1/metrics');
  if (!traces && !metrics) return null;
  return {
    traces,
    metrics,
    protocol: protocolOf(env.OTEL_EXPORTER_OTLP_PROTOCOL),
    timeoutMs: millisecondsOf(env.OTEL_EXPORTER_OTLP_TIMEOUT) ?? otlpDefaults.timeoutMs,
    metricsIntervalMs: millisecondsOf(env.OTEL_METRIC_EXPORT_INTERVAL) ?? otlpDefaults.metricsIntervalMs,
    resource: resourceOf(env),
  };
}

function signalOf(env: NodeJS.ProcessEnv, name: 'TRACES' | 'METRICS', path: string): Signal | null {
  if (env[`OTEL_${name}_EXPORTER`]?.trim() === 'none') return null;
  const own = env[`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`]?.trim();
  const shared = env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim();
  if (!own && !shared) return null;
  const url = own ? endpointOf(own).href : below(endpointOf(shared ?? ''), path);
  const headers: Headers = {
    ...parseHeaders(env.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    ...parseHeaders(env[`OTEL_EXPORTER_OTLP_${name}_HEADERS`] ?? ''),
  };
  return { url, headers: async () => headers };
}

function protocolOf(text: string | undefined): OtlpTarget['protocol'] {
  const protocol = text?.trim() || otlpDefaults.protocol;
  if (protocol === 'http/protobuf' || protocol === 'http/json') return protocol;
  throw new PlanwrightError('INVALID_INPUT', `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, which is not spoken here.`, {
    hint: 'Use http/protobuf or http/json; a collector listens for both on port 4318.',
  });
}

/** What is no number is as if it were not there, as the specification wants it. */
function millisecondsOf(text: string | undefined): number | undefined {
  const value = Number(text?.trim() || Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function resourceOf(env: NodeJS.ProcessEnv): Headers {
  const attributes: Record<string, string> = {};
  for (const part of (env.OTEL_RESOURCE_ATTRIBUTES ?? '').split(',')) {
    const [, key, value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (key === undefined) continue;
    try {
      attributes[key] = decodeURIComponent(value);
    } catch {
      attributes[key] = value;
    }
  }
  const service = env.OTEL_SERVICE_NAME?.trim();
  return { ...attributes, ...(service ? { 'service.name': service } : {}) };
}

function isTrue(text: string | undefined): boolean {
  return text?.trim().toLowerCase() === 'true';
}
