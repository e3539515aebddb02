import { type HrTime, SpanKind, SpanStatusCode, ValueType } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Family, HistogramSeries } from '../../workflow/metrics/families.ts';
import type { Attributes, Span } from '../../workflow/telemetry/span.ts';

/** Spans and metrics in OpenTelemetry's own shapes, for its serializers. */

interface Scope {
  readonly name: string;
  readonly version: string;
}

const SAMPLED = 1;

export function readableSpan(span: Span, resource: Resource, scope: Scope): ReadableSpan {
  const { traceId, spanId, parentSpanId, start, end, kind, status } = span;
  const context = (id: string) => ({ traceId, spanId: id, traceFlags: SAMPLED });
  return {
    name: span.name,
    kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => context(spanId),
    ...(parentSpanId === undefined ? {} : { parentSpanContext: context(parentSpanId) }),
    startTime: hrTime(start),
    endTime: hrTime(end),
    duration: hrTime(end - start),
    ended: true,
    status: { code: { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR }[status] },
    attributes: copied(span.attributes),
    events: span.events.map(({ name, at, attributes }) => ({ name, time: hrTime(at), attributes: copied(attributes) })),
    links: [],
    resource,
    instrumentationScope: { ...scope },
    droppedAttributesCount: 0,
    droppedEventsCount: span.droppedEvents,
    droppedLinksCount: 0,
  };
}

/** @param since when the first of it was measured: the counters are of all there is from then on */
export function resourceMetrics(
  families: readonly Family[],
  { since, now, resource, scope }: { since: number; now: number; resource: Resource; scope: Scope },
): ResourceMetrics {
  const times = { startTime: hrTime(since), endTime: hrTime(now) };
  return {
    resource,
    scopeMetrics: [{ scope: { ...scope }, metrics: families.map((family) => metricData(family, times)) }],
  };
}

/**
 * Names are Prometheus' without the suffixes that a Prometheus adds to what it takes in by OTLP, so that one dashboard
 * suits both.
 */
function metricData(family: Family, times: { startTime: HrTime; endTime: HrTime }): MetricData {
  const inSeconds = family.name.endsWith('_seconds');
  const about = {
    descriptor: {
      name: family.name.replace(/(_total|_seconds)$/, ''),
      description: family.help,
      unit: inSeconds ? 's' : '',
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const points = <T, V>(series: readonly (T & { readonly labels: Attributes })[], value: (one: T) => V) =>
    series.map((one) => ({ ...times, attributes: copied(one.labels), value: value(one) }));
  switch (family.type) {
    case 'counter':
      return {
        ...about,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: points(family.series, ({ value }) => value),
      };
    case 'gauge':
      return { ...about, dataPointType: DataPointType.GAUGE, dataPoints: points(family.series, ({ value }) => value) };
    case 'histogram':
      return { ...about, dataPointType: DataPointType.HISTOGRAM, dataPoints: points(family.series, histogram) };
  }
}

/** Ours count all that is not above a bound; theirs what is in each bucket. */
function histogram({ buckets, count, sum }: HistogramSeries) {
  const upTo = [...buckets.map((bucket) => bucket.count), count];
  return {
    buckets: {
      boundaries: buckets.map((bucket) => bucket.upTo),
      counts: upTo.map((total, index) => total - (upTo[index - 1] ?? 0)),
    },
    count,
    sum,
  };
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

function copied(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  );
}
