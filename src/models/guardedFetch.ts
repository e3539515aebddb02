import { PlanwrightError } from '../workflow/errors.ts';

/** The longest a timer can be set for, in milliseconds; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * `fetch` for a model's API: it gives up when no answer begins within `timeoutMs`, follows no redirect (which
 * would carry the developer's code to an address nobody chose), and says so when a web page answers.
 */
export function guardedFetch(inner: typeof fetch, timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const slow = new AbortController();
    const timer = setTimeout(() => slow.abort(noAnswer(timeoutMs)), Math.min(timeoutMs, MAX_TIMER_MS));
    const signal = init?.signal ? AbortSignal.any([init.signal, slow.signal]) : slow.signal;
    try {
      const response = await inner(input, { ...init, signal, redirect: 'manual' });
      if (response.ok && response.headers.get('content-type')?.startsWith('text/html')) {
        await response.body?.cancel();
        throw aWebPage();
      }
      return response;
    } finally {
      clearTimeout(timer);
    }
  };
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
