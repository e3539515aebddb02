import { asPlanwrightError, type ErrorCode, type PlanwrightError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { RateGate } from './rateGate.ts';

/** When a failed step is tried again. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly maxAttempts: number;
  /** Waits before the 2nd, 3rd, … try, in milliseconds; the last one repeats. */
  readonly backoffMs: readonly number[];
  readonly retryOn: readonly ErrorCode[];
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 3,
  backoffMs: [1000, 2000, 4000],
  retryOn: ['RATE_LIMIT', 'TIMEOUT'],
};

const JITTER = 0.2;

/**
 * Runs `fn` as often as the policy allows. A server's Retry-After wins over the policy's wait; otherwise up
 * to 20 % are added so that many clients do not come back at once.
 * @param ports.gate is shared by all that call the same server: it waits for a rate limit once for all of them
 * @param onRetry hears of each wait before it begins
 * @throws PlanwrightError the last failure, or CANCELLED when `signal` aborts
 */
export async function withRetry<T>(
  fn: () => Promise<T>,
  policy: RetryPolicy,
  ports: { readonly clock: Clock; readonly signal: AbortSignal; readonly gate?: RateGate | undefined },
  onRetry: (retry: number, delayMs: number, error: PlanwrightError) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const passage = await ports.gate?.enter(ports.signal);
    try {
      const result = await fn();
      passage?.answered();
      return result;
    } catch (thrown) {
      const error = asPlanwrightError(thrown);
      const delayMs = error.retryAfterMs ?? backoff(policy, attempt, ports.clock);
      const isRefused = error.code === 'RATE_LIMIT';
      if (isRefused) passage?.refused(delayMs);
      else passage?.failed();
      if (attempt >= policy.maxAttempts || !policy.retryOn.includes(error.code) || ports.signal.aborted) throw error;
      onRetry(attempt, delayMs, error);
      // With a gate it is the gate that waits, for all at once.
      if (!isRefused || !passage) await ports.clock.sleep(delayMs, ports.signal);
    }
  }
}

function backoff({ backoffMs }: RetryPolicy, attempt: number, clock: Clock): number {
  const base = backoffMs[attempt - 1] ?? backoffMs.at(-1) ?? 0;
  return Math.round(base * (1 + JITTER * clock.random()));
}
