import {
  type ISerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { Metrics } from '../../workflow/metrics/metrics.ts';
import type { TraceOutbox } from '../../workflow/telemetry/traceOutbox.ts';
import { readableSpan, resourceMetrics } from './otelData.ts';
import { otlpSender } from './sender.ts';
import type { OtlpTarget, Signal } from './target.ts';

export interface OtlpPushOptions {
  readonly target: OtlpTarget;
  readonly outbox: TraceOutbox;
  readonly metrics: Metrics;
  /** As whoever pushes is configured: by which proxy, trusting whom. */
  readonly fetch: typeof fetch;
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
    const { target, outbox, metrics, fetch, version, instance } = options;
    const { protocol, timeoutMs } = target;
    const over = { fetch, userAgent: `Planwright/${version}`, protocol, timeoutMs };
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
      const send = otlpSender(over, target.traces);
      const serializer = protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer;
      sends.push(
        new Sending('Traces', TRACES_MS, target.traces, note, async () => {
          await outbox.deliver((spans) =>
            send(
              bodyOf(
                serializer,
                spans.map((span) => readableSpan(span, about.resource, about.scope)),
              ),
            ),
          );
        }),
      );
    }
    if (target.metrics) {
      const send = otlpSender(over, target.metrics);
      const serializer = protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
      sends.push(
        new Sending('Metrics', target.metricsIntervalMs, target.metrics, note, async () => {
          const families = metrics.families();
          await send(
            bodyOf(serializer, resourceMetrics(families, { since: metrics.since(), now: Date.now(), ...about })),
          );
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
        if (!this.#failing) this.#note(`${this.#what} do not reach ${this.#origin}: ${(error as Error).message}.`);
        this.#failing = true;
      }
      this.#atWork = false;
    });
    return this.#last;
  }
}

/** Serializers of what OpenTelemetry's own exporters send; the request goes the way all others of ours do. */
function bodyOf<T>(serializer: ISerializer<T, unknown>, items: T): Uint8Array {
  const body = serializer.serializeRequest(items);
  if (body === undefined) throw new Error('there was nothing to send');
  return body;
}
