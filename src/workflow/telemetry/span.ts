import { hash } from 'node:crypto';

export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface SpanEvent {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly attributes: Attributes;
}

/** A span that has ended, as OpenTelemetry has them. Times are milliseconds since the epoch, ids hex. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** A call to another service is the client's side of it. */
  readonly kind: 'internal' | 'client';
  readonly start: number;
  readonly end: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly droppedEvents: number;
}

/** One that goes on. */
export type OpenSpan = Omit<Span, 'end' | 'status'>;

/** What OpenTelemetry's SDKs keep of a span's events by default. */
const MAX_EVENTS = 128;

/** Ids come from the log alone, so that telling it again, after a crash or elsewhere, tells the same trace. */
export function traceIdOf(runId: string): string {
  return hash('sha256', `planwright run ${runId}`).slice(0, 32);
}

/** @param seq of the event that began it, @param key what tells it from others that the same event began */
export function spanIdOf(runId: string, seq: number, key: string): string {
  return hash('sha256', `planwright run ${runId} event ${seq} ${key}`).slice(0, 16);
}

export function withEvent<T extends OpenSpan>(span: T, event: SpanEvent): T {
  return span.events.length < MAX_EVENTS
    ? { ...span, events: [...span.events, event] }
    : { ...span, droppedEvents: span.droppedEvents + 1 };
}

/** @param at when it ended; clocks that were set back make no span that ends before it began */
export function ended(span: OpenSpan, at: number, status: Span['status'], attributes: Attributes = {}): Span {
  return { ...span, end: Math.max(span.start, at), status, attributes: { ...span.attributes, ...attributes } };
}
