import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { decodeMetrics, decodeTraces } from './protobuf.ts';

/** Spans and points as they arrived, in either encoding, in plain values. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  readonly status: number;
  readonly attributes: Record<string, unknown>;
  readonly events: readonly { readonly name: string; readonly attributes: Record<string, unknown> }[];
  readonly resource: Record<string, unknown>;
}

export interface ReceivedPoint {
  readonly name: string;
  readonly kind: 'sum' | 'gauge' | 'histogram';
  readonly attributes: Record<string, unknown>;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly bounds?: readonly number[];
  readonly counts?: readonly number[];
}

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly Received[];
  spans(): ReceivedSpan[];
  /** Of the last push. */
  points(): ReceivedPoint[];
  /** What it answers from now on; 200 to begin with. */
  answer(status: number): void;
}

/** What ends with a test, or with a file of tests. */
interface Ending {
  after(end: () => unknown): void;
}

/** An OTLP receiver on the loopback. */
export async function startReceiver(ending: Ending): Promise<Receiver> {
  const requests: Received[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      if (status === 200) requests.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(status, { 'content-type': request.headers['content-type'] ?? '' });
      response.end(status === 200 && request.headers['content-type'] === 'application/json' ? '{}' : '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.after(() => server.close());
  const of = (path: string) => requests.filter((request) => request.path === path);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    spans: () => of('/v1/traces').flatMap(spansOf),
    points: () => of('/v1/metrics').slice(-1).flatMap(pointsOf),
    answer(next) {
      status = next;
    },
  };
}

function spansOf({ headers, body }: Received): ReceivedSpan[] {
  return headers['content-type'] === 'application/json' ? jsonSpans(JSON.parse(body.toString())) : decodeTraces(body);
}

function pointsOf({ headers, body }: Received): ReceivedPoint[] {
  return headers['content-type'] === 'application/json' ? jsonPoints(JSON.parse(body.toString())) : decodeMetrics(body);
}

// The JSON of OTLP, https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.

interface AnyValue {
  stringValue?: string;
  boolValue?: boolean;
  intValue?: string | number;
  doubleValue?: number;
  arrayValue?: { values: AnyValue[] };
}
type KeyValues = { key: string; value: AnyValue }[];

function plain(pairs: KeyValues | undefined): Record<string, unknown> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue({ stringValue, boolValue, intValue, doubleValue, arrayValue }: AnyValue): unknown {
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? arrayValue?.values.map(plainValue);
}

interface JsonSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: KeyValues;
  events?: { name: string; attributes?: KeyValues }[];
  status?: { code?: number };
}

function jsonSpans(body: {
  resourceSpans: { resource: { attributes: KeyValues }; scopeSpans: { spans: JsonSpan[] }[] }[];
}): ReceivedSpan[] {
  const milliseconds = (nano: string) => Number(BigInt(nano) / 1_000_000n);
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId ?? '',
        name: span.name,
        kind: span.kind,
        start: milliseconds(span.startTimeUnixNano),
        end: milliseconds(span.endTimeUnixNano),
        status: span.status?.code ?? 0,
        attributes: plain(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({ name, attributes: plain(attributes) })),
        resource: plain(resource.attributes),
      })),
    ),
  );
}

interface JsonPoint {
  attributes?: KeyValues;
  asDouble?: number;
  asInt?: string;
  count?: string | number;
  sum?: number;
  explicitBounds?: number[];
  bucketCounts?: (string | number)[];
}

function jsonPoints(body: {
  resourceMetrics: {
    scopeMetrics: {
      metrics: ({ name: string } & { [kind in 'sum' | 'gauge' | 'histogram']?: { dataPoints: JsonPoint[] } })[];
    }[];
  }[];
}): ReceivedPoint[] {
  return body.resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap((metric) =>
        (['sum', 'gauge', 'histogram'] as const).flatMap((kind) =>
          (metric[kind]?.dataPoints ?? []).map((point) => ({
            name: metric.name,
            kind,
            attributes: plain(point.attributes),
            ...(kind === 'histogram'
              ? {
                  count: Number(point.count),
                  sum: point.sum ?? 0,
                  bounds: point.explicitBounds ?? [],
                  counts: (point.bucketCounts ?? []).map(Number),
                }
              : { value: point.asDouble ?? Number(point.asInt) }),
          })),
        ),
      ),
    ),
  );
}
