import { PlanwrightError } from '../../workflow/errors.ts';

export type Headers = Readonly<Record<string, string>>;

/** Where one kind of data goes. */
export interface Signal {
  readonly url: string;
  /** Asked for at each request: they may be secrets, and are kept nowhere else. */
  readonly headers: () => Promise<Headers>;
}

/** Where metrics and traces are pushed to; null for what is not. */
export interface OtlpTarget {
  readonly traces: Signal | null;
  readonly metrics: Signal | null;
  readonly protocol: 'http/protobuf' | 'http/json';
  /** Milliseconds a request may take, its repetitions included. */
  readonly timeoutMs: number;
  /** Milliseconds between two pushes of all metrics. */
  readonly metricsIntervalMs: number;
  /** What says where the data is from, beside the name and version of Planwright. */
  readonly resource: Headers;
}

/** As the specification has them, https://opentelemetry.io/docs/specs/otel/protocol/exporter/. */
export const otlpDefaults = { protocol: 'http/protobuf', timeoutMs: 10_000, metricsIntervalMs: 60_000 } as const;

/**
 * Both signals below one endpoint.
 * @throws PlanwrightError INVALID_INPUT
 */
export function targetBelow(endpoint: string, headers: (origin: string) => Promise<Headers>): OtlpTarget {
  const base = endpointOf(endpoint);
  const signal = (path: string): Signal => ({ url: below(base, path), headers: () => headers(base.origin) });
  return { ...otlpDefaults, traces: signal('v1/traces'), metrics: signal('v1/metrics'), resource: {} };
}

/** @throws PlanwrightError INVALID_INPUT for what is no address, or holds a password that would be shown with it */
export function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new PlanwrightError('INVALID_INPUT', 'The OTLP endpoint is not an http or https address.', {
      hint: 'Give the base address of a collector, such as http://127.0.0.1:4318.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new PlanwrightError('INVALID_INPUT', 'The OTLP endpoint holds a user name or password.', {
      hint: 'Take it out, and set an Authorization header instead.',
    });
  }
  return url;
}

export function below(base: URL, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}

/**
 * 'Authorization=Bearer%20abc,x-team=core', the form of OTEL_EXPORTER_OTLP_HEADERS.
 * @throws PlanwrightError INVALID_INPUT, which repeats nothing of it
 */
export function parseHeaders(text: string): Headers {
  const headers: Record<string, string> = {};
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(0, at)).trim().toLowerCase();
    const value = decoded(part.slice(at + 1).trim());
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) || value === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      throw new PlanwrightError('INVALID_INPUT', 'The OTLP headers cannot be read.', {
        hint: 'Write them as name=value, with commas between them and other than plain characters as in addresses: Authorization=Bearer%20….',
      });
    }
    headers[name] = value;
  }
  return headers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
