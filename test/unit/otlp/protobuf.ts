import type { ReceivedPoint, ReceivedSpan } from './receiver.ts';

/**
 * The parts of OTLP's protobuf that the tests look at, by the field numbers of
 * https://github.com/open-telemetry/opentelemetry-proto, read from the wire by hand: what wrote it has no say in it.
 */

type Field = bigint | Buffer;
type Message = ReadonlyMap<number, readonly Field[]>;

/** https://protobuf.dev/programming-guides/encoding/ */
function read(bytes: Buffer): Message {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('The message ends within a number.');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const [field, wire] = [tag >> 3, tag & 7];
    let value: Field;
    if (wire === 0) value = varint();
    else {
      const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(varint()) : Number.NaN;
      if (!(at + length <= bytes.length)) throw new Error(`Field ${field} of kind ${wire} does not fit.`);
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const bytesOf = (field: Field | undefined) => (Buffer.isBuffer(field) ? field : Buffer.alloc(0));
const messages = (message: Message, field: number) => (message.get(field) ?? []).map((value) => read(bytesOf(value)));
const text = (message: Message, field: number) => bytesOf(message.get(field)?.[0]).toString();
const hex = (message: Message, field: number) => bytesOf(message.get(field)?.[0]).toString('hex');
const int = (message: Message, field: number) => Number(message.get(field)?.[0] ?? 0n);
const milliseconds = (message: Message, field: number) =>
  Number(bytesOf(message.get(field)?.[0]).readBigUInt64LE() / 1_000_000n);
const double = (message: Message, field: number) => bytesOf(message.get(field)?.[0]).readDoubleLE();
const packed = (message: Message, field: number) => Buffer.concat((message.get(field) ?? []).map(bytesOf));

function anyValue(value: Message): unknown {
  const [field, [first] = []] = [...value][0] ?? [];
  switch (field) {
    case 1:
      return text(value, 1);
    case 2:
      return first === 1n;
    case 3:
      return Number(BigInt.asIntN(64, first as bigint));
    case 4:
      return double(value, 4);
    case 5:
      return messages(read(bytesOf(first)), 1).map(anyValue);
    default:
      return undefined;
  }
}

function attributes(message: Message, field: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(message, field).map((pair) => [text(pair, 1), anyValue(messages(pair, 2)[0] ?? new Map())]),
  );
}

export function decodeTraces(body: Buffer): ReceivedSpan[] {
  return messages(read(body), 1).flatMap((resourceSpans) => {
    const resource = attributes(messages(resourceSpans, 1)[0] ?? new Map(), 1);
    return messages(resourceSpans, 2).flatMap((scope) =>
      messages(scope, 2).map((span) => ({
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        kind: int(span, 6),
        start: milliseconds(span, 7),
        end: milliseconds(span, 8),
        attributes: attributes(span, 9),
        events: messages(span, 11).map((event) => ({ name: text(event, 2), attributes: attributes(event, 3) })),
        status: int(messages(span, 15)[0] ?? new Map(), 3),
        resource,
      })),
    );
  });
}

export function decodeMetrics(body: Buffer): ReceivedPoint[] {
  return messages(read(body), 1)
    .flatMap((resourceMetrics) => messages(resourceMetrics, 2))
    .flatMap((scope) => messages(scope, 2))
    .flatMap((metric) => {
      const name = text(metric, 1);
      const numbers = (kind: 'gauge' | 'sum', field: number) =>
        messages(metric, field)
          .flatMap((data) => messages(data, 1))
          .map((point) => ({ name, kind, attributes: attributes(point, 7), value: double(point, 4) }));
      const histograms = messages(metric, 9)
        .flatMap((data) => messages(data, 1))
        .map((point) => {
          const [counts, bounds] = [packed(point, 6), packed(point, 7)];
          return {
            name,
            kind: 'histogram' as const,
            attributes: attributes(point, 9),
            count: Number(bytesOf(point.get(4)?.[0]).readBigUInt64LE()),
            sum: double(point, 5),
            counts: Array.from({ length: counts.length / 8 }, (_, index) => Number(counts.readBigUInt64LE(index * 8))),
            bounds: Array.from({ length: bounds.length / 8 }, (_, index) => bounds.readDoubleLE(index * 8)),
          };
        });
      return [...numbers('gauge', 5), ...numbers('sum', 7), ...histograms];
    });
}
