import { APICallError } from '@ai-sdk/provider';
import { ThroughProxy } from './throughProxy.ts';

/** What can be told from a failed call, whoever threw it. Nothing here is fit for a message as it is. */
export interface ErrorFacts {
  /** The HTTP status, or the one that a failure told inside a stream amounts to. */
  readonly status: number | undefined;
  /** The provider's own words for it, lower case: 'insufficient_quota rate_limit'. */
  readonly kind: string;
  /** What the provider says, not yet redacted; undefined when it did not say anything readable. */
  readonly says: string | undefined;
  /** Codes of every error in the chain of causes: 'ECONNRESET', 'UND_ERR_SOCKET'. */
  readonly codes: ReadonlySet<string>;
  /** Names of every error in the chain: 'AI_APICallError', 'AbortError'. */
  readonly names: ReadonlySet<string>;
  /** Messages of every error in the chain, one a line, lower case. */
  readonly messages: string;
  /** Of the address that was asked. */
  readonly origin: string | undefined;
  /** Origin of the proxy that the request went by, where it is known and no answer came. */
  readonly proxy: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Did the server answer at all, or was this a call that never got one? */
  readonly answered: boolean;
}

/** Codes of a secure connection that could not be made. */
export const certificateCodes = /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|UNABLE_TO_VERIFY|^UNABLE_TO_GET_ISSUER/;

/** What those who open tunnels say in a message when a proxy refuses one. */
export const refusalByProxy = /proxy authentication required|http tunneling|tunneling socket|proxy response/;

export function factsOf(error: unknown): ErrorFacts {
  const chain = chainOf(error);
  const call = chain.find((link) => APICallError.isInstance(link));
  const thrownWords = typeof error === 'string' ? { message: error, kind: '', status: undefined } : saidBy(error);
  const said = saidBy(call?.data) ?? thrownWords;
  const errors = chain.filter((link) => link instanceof Error);
  return {
    // Whatever is not even an Error came out of a stream, as the provider's account of its failure; so does what a
    // status of success comes with.
    status:
      failed(call?.statusCode) ??
      said?.status ??
      (error instanceof Error && !(call?.statusCode !== undefined && saidBy(call.data))
        ? undefined
        : statusOf(said?.kind ?? '')),
    kind: said?.kind ?? '',
    says: said?.message,
    codes: new Set(chain.flatMap((link) => codeOf(link))),
    names: new Set(errors.map(({ name }) => name)),
    messages: errors.map(({ message }) => message.toLowerCase()).join('\n'),
    origin: call && URL.canParse(call.url) ? new URL(call.url).origin : undefined,
    proxy: chain.find((link) => link instanceof ThroughProxy)?.proxy,
    headers: call?.responseHeaders ?? {},
    answered: call?.statusCode !== undefined,
  };
}

/** The error, its causes, what it gathers (AggregateError) and what it was retried for (RetryError), each once. */
export function chainOf(error: unknown): readonly unknown[] {
  const seen = new Set<unknown>();
  const visit = (link: unknown): void => {
    if (link === undefined || link === null || seen.has(link)) return;
    seen.add(link);
    if (!(link instanceof Error)) return;
    const { cause, errors, lastError } = link as { cause?: unknown; errors?: unknown; lastError?: unknown };
    visit(lastError);
    visit(cause);
    if (Array.isArray(errors)) errors.forEach(visit);
  };
  visit(error);
  return [...seen];
}

/** A 2xx is no failure by itself: what went wrong came after it. */
function failed(status: number | undefined): number | undefined {
  return status !== undefined && status >= 300 ? status : undefined;
}

function codeOf(link: unknown): string[] {
  const code = (link as { code?: unknown }).code;
  return link instanceof Error && typeof code === 'string' ? [code] : [];
}

interface Said {
  readonly message: string;
  readonly kind: string;
  readonly status: number | undefined;
}

/** Reads `{ error: { message, type, code } }`, the same without its wrapper, and a failed response of the Responses API. */
function saidBy(value: unknown): Said | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Error) return undefined;
  const { error, response, data } = value as { error?: unknown; response?: unknown; data?: unknown };
  const { message, type, code, statusCode } = value as Record<string, unknown>;
  const status = [statusCode, code]
    .map(Number)
    .find((number) => Number.isInteger(number) && number >= 300 && number <= 599);
  const inner = saidBy(error) ?? saidBy(response) ?? saidBy(data);
  if (inner) return { ...inner, status: inner.status ?? status };
  if (typeof message !== 'string') return undefined;
  const kind = [code, type]
    .filter((word) => typeof word === 'string')
    .join(' ')
    .toLowerCase();
  return { message, kind, status };
}

/** Failures that arrive inside a stream have words instead of a status. The first that fits counts. */
const statusOfWords: readonly (readonly [RegExp, number])[] = [
  [/insufficient_quota|rate_limit|too_many_requests/, 429],
  [/authentication|invalid_api_key/, 401],
  [/permission/, 403],
  [/not_found/, 404],
  [/overload|unavailable/, 503],
  [/timeout/, 504],
  [/invalid|bad_request|context_length/, 400],
];

function statusOf(kind: string): number {
  return statusOfWords.find(([words]) => words.test(kind))?.[1] ?? 500;
}
