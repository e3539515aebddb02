import { APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { PlanwrightError } from '../workflow/errors.ts';

/** The longest a timer can be set for, in milliseconds; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** `stream` is among the last members of a request's body; what comes before is the developer's code. */
const LAST_CHARACTERS = 200;

/**
 * `fetch` for a model's API: it gives up when no answer begins within `timeoutMs`, follows no redirect (which
 * would carry the developer's code to an address nobody chose), and says so when a web page answers, a failure behind
 * a status that means success, or a whole answer where a stream was asked for.
 */
export function guardedFetch(inner: typeof fetch, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(noAnswer(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
    const signal = init?.signal ? AbortSignal.any([init.signal, slow.signal]) : slow.signal;
    try {
      const response = await inner(input, { ...init, signal, redirect: 'manual' });
      const kind = response.ok ? (response.headers.get('content-type') ?? '') : '';
      if (kind.startsWith('text/html')) {
        await response.body?.cancel();
        throw aWebPage();
      }
      if (!kind.startsWith('application/json')) return response;
      clearTimeout(timer);
      const text = await response.text();
      throwErrorIn(text, response);
      if (asksForStream(init?.body)) throw new UnsupportedFunctionalityError({ functionality: 'streaming' });
      return new Response(text, { status: response.status, headers: response.headers });
    } finally {
      clearTimeout(timer);
    }
  };
}

function asksForStream(body: unknown): boolean {
  return typeof body === 'string' && /"stream":true[,}]/.test(body.slice(-LAST_CHARACTERS));
}

/** Gateways tell failures with a status of 200 too. */
function throwErrorIn(text: string, { url, status, headers }: Response): void {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return; // Whoever reads the answer says so.
  }
  if (typeof data !== 'object' || data === null || 'choices' in data || 'output' in data) return;
  const { error } = data as { error?: unknown };
  if (error === undefined || error === null) return;
  throw new APICallError({
    message: 'A failure in an answer that says it is none.',
    url,
    requestBodyValues: {},
    statusCode: status,
    responseHeaders: Object.fromEntries(headers),
    data: typeof error === 'string' ? { error: { message: error } } : data,
  });
}

function noAnswer(timeoutMs: number): PlanwrightError {
  return new PlanwrightError('TIMEOUT', `The model’s server did not begin to answer within ${timeoutMs / 1000} s.`, {
    retryable: true,
    hint: 'Try again, or raise planwright.modelTimeoutSeconds.',
  });
}

function aWebPage(): PlanwrightError {
  return new PlanwrightError('PROVIDER', 'The model’s address answered with a web page instead of an API’s answer.', {
    hint: 'Check planwright.baseUrl: it usually ends in /v1.',
  });
}
