import type { ErrorCode } from '../errors.ts';

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
