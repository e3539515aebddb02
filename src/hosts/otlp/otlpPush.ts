import { createOtlpHttpExportDelegate, httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import {
  type IExporterMetricsHelper,
  type ISerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  MetricsExporterMetricsHelper,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Metrics } from '../../workflow/metrics/metrics.ts';
import type { TraceOutbox } from '../../workflow/telemetry/traceOutbox.ts';
import { readableSpan, resourceMetrics } from './otelData.ts';
import type { OtlpTarget, Signal } from './target.ts';

export interface OtlpPushOptions {
  readonly target: OtlpTarget;
  readonly outbox: TraceOutbox;
  readonly metrics: Metrics;
  readonly version: string;
  /** The same for every process on one workspace: they tell of the same runs. */
  readonly instance: string;
  /** Hears once that a receiver cannot be reached, and once that it can again. */
  readonly note: (text: string) => void;
}

/** How soon an ended span is sent, in milliseconds. */
const TRACES_MS = 5000;

/**
 * Pushes ended spans and, at longer intervals, all metrics to an OTLP receiver. Only this file and what it imports load
 * OpenTelemetry; it is loaded when there is somewhere to push to.
 */
export class OtlpPush {
  readonly #options: OtlpPushOptions;
  readonly #sends: readonly Sending[];
  readonly #timers: NodeJS.Timeout[];
  #stopped = false;

  constructor(options: OtlpPushOptions) {
    const { target, outbox, metrics, version, instance } = options;
    const note = (text: string) => {
      if (!this.#stopped) options.note(text);
    };
    this.#options = options;
    const resource = resourceFromAttributes({
      'service.name': 'planwright',
      'service.version': version,
      'service.instance.id': instance,
      ...target.resource,
    });
    const about = { resource, scope: { name: 'planwright', version } };
    const sends: Sending[] = [];
    if (target.traces) {
      const send = sender(target, target.traces, traceFormats);
      sends.push(
        new Sending('Traces', TRACES_MS, target.traces, note, async () => {
          await outbox.deliver((spans) => send(spans.map((span) => readableSpan(span, about.resource, about.scope))));
        }),
      );
    }
    if (target.metrics) {
      const send = sender(target, target.metrics, metricFormats);
      sends.push(
        new Sending('Metrics', target.metricsIntervalMs, target.metrics, note, async () => {
          const families = metrics.families();
          await send(resourceMetrics(families, { since: metrics.since(), now: Date.now(), ...about }));
        }),
      );
    }
    this.#sends = sends;
    this.#timers = sends.map((sending) => setInterval(() => sending.tick(), sending.everyMs));
    for (const timer of this.#timers) timer.unref();
  }

  /** Sends what there is now. */
  async flush(): Promise<void> {
    await Promise.all(this.#sends.map((sending) => sending.now()));
  }

  /** Sends nothing more by itself; what is on its way may still arrive. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.outbox.dispose();
  }
}

/** One request after another; a failure is told once, until the next success. */
class Sending {
  readonly everyMs: number;
  readonly #what: string;
  readonly #origin: string;
  readonly #note: (text: string) => void;
  readonly #work: () => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #failing = false;
  #atWork = false;

  constructor(what: string, everyMs: number, { url }: Signal, note: (text: string) => void, work: () => Promise<void>) {
    this.#what = what;
    this.everyMs = everyMs;
    // The rest of an address may be a secret.
    this.#origin = new URL(url).origin;
    this.#note = note;
    this.#work = work;
  }

  /** Leaves out a turn while a slow one goes on: the next has what there is then. */
  tick(): void {
    if (!this.#atWork) void this.now();
  }

  now(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#atWork = true;
      try {
        await this.#work();
        if (this.#failing) this.#note(`${this.#what} reach ${this.#origin} again.`);
        this.#failing = false;
      } catch (error) {
        if (!this.#failing) this.#note(`${this.#what} do not reach ${this.#origin}: ${reasonOf(error)}.`);
        this.#failing = true;
      }
      this.#atWork = false;
    });
    return this.#last;
  }
}

/** Status and code; what a receiver says in full could repeat what it was sent. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'number') return `it answers ${code}`;
  return typeof code === 'string' ? code : String(message);
}

interface Formats<T> {
  readonly protobuf: ISerializer<T, unknown>;
  readonly json: ISerializer<T, unknown>;
  readonly helper: IExporterMetricsHelper<T>;
}

const traceFormats: Formats<Parameters<typeof JsonTraceSerializer.serializeRequest>[0]> = {
  protobuf: ProtobufTraceSerializer,
  json: JsonTraceSerializer,
  helper: TraceExporterMetricsHelper,
};

const metricFormats: Formats<Parameters<typeof JsonMetricsSerializer.serializeRequest>[0]> = {
  protobuf: ProtobufMetricsSerializer,
  json: JsonMetricsSerializer,
  helper: MetricsExporterMetricsHelper,
};

/**
 * OpenTelemetry's own transport, with its retries, configured here in full: its ready-made exporters would add headers
 * of the environment to an address that a setting names.
 */
function sender<T>(
  { protocol, timeoutMs }: OtlpTarget,
  { url, headers }: Signal,
  { protobuf, json, helper }: Formats<T>,
): (items: T) => Promise<void> {
  const delegate = createOtlpHttpExportDelegate(
    {
      url,
      headers: async () => ({
        ...(await headers()),
        'Content-Type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
      }),
      timeoutMillis: timeoutMs,
      concurrencyLimit: 4,
      compression: 'none',
      agentFactory: httpAgentFactoryFromOptions({ keepAlive: false }),
    },
    protocol === 'http/json' ? json : protobuf,
    'otlp_http_exporter',
    helper,
    undefined,
  );
  return (items) =>
    new Promise((resolve, reject) => {
      delegate.export(items, ({ code, error }) => {
        if (code === 0) resolve();
        else reject(error ?? new Error('it could not be sent'));
      });
    });
}
