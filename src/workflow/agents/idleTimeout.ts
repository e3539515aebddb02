import { cancelled, PlanwrightError } from '../errors.ts';

/** The longest a timer can be set for, in milliseconds; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Handed to the work that {@link withIdleTimeout} watches. */
export interface Watch {
  /** Aborts when the call is to stop: cancelled, or silent for too long. */
  readonly signal: AbortSignal;
  /** Says that something came. */
  readonly alive: () => void;
}

/**
 * Runs `work` and gives up on it when nothing comes for `ms`, or when `signal` aborts, even if the work itself
 * does not listen. Silence on a wire is a matter of the machine's own time, so this does not ask the clock port.
 * @throws PlanwrightError TIMEOUT | CANCELLED, or what the work throws
 */
export async function withIdleTimeout<T>(
  ms: number,
  signal: AbortSignal,
  work: (watch: Watch) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw reasonOf(signal);
  const call = new AbortController();
  let end: (error: PlanwrightError) => void = () => {};
  const ended = new Promise<never>((_, reject) => {
    end = (error) => {
      reject(error);
      call.abort(error);
    };
  });
  const wait = Math.min(ms, MAX_TIMER_MS);
  const onSilence = () => end(silent(ms));
  let timer = setTimeout(onSilence, wait);
  let over = false;
  const alive = () => {
    if (over) return;
    clearTimeout(timer);
    timer = setTimeout(onSilence, wait);
  };
  const onAbort = () => end(reasonOf(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work({ signal: call.signal, alive }), ended]);
  } finally {
    over = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Why a signal aborted, as an error of ours. */
export function reasonOf(signal: AbortSignal): PlanwrightError {
  return signal.reason instanceof PlanwrightError ? signal.reason : cancelled();
}

function silent(ms: number): PlanwrightError {
  return new PlanwrightError('TIMEOUT', `The model said nothing for ${ms / 1000} s.`, {
    hint: 'Resume the run to try again from here, or raise planwright.modelTimeoutSeconds.',
    retryable: true,
  });
}
