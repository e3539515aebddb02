import { type HeldGate, STOP } from '../engine/holds.ts';
import type { ErrorCode, PlanwrightError } from '../errors.ts';
import { say } from '../words/say.ts';

/** The key of the gates a run waits at while a provider does not answer. */
export const PROVIDER_DOWN = 'provider-down';

/** Failures that pass by themselves, or once the developer has done something outside the run. */
const outages: readonly ErrorCode[] = ['RATE_LIMIT', 'TIMEOUT', 'REFUSED_CONNECTION', 'MODEL_GONE', 'NO_CONSENT'];

/**
 * A provider that stays down costs the run nothing but time: it waits at this gate. Null for a failure that
 * waiting does not mend, such as a wrong key.
 */
export function providerDownGate(error: PlanwrightError): HeldGate | null {
  if (!outages.includes(error.code) && !(error.code === 'PROVIDER' && error.retryable)) return null;
  return {
    key: PROVIDER_DOWN,
    kind: 'provider-down',
    title: error.message,
    question: [error.hint, say`Nothing is lost: the run goes on where it is.`].filter(Boolean).join(' '),
    choices: [
      { id: 'retry', label: say`Try again` },
      { id: STOP, label: say`Stop the run` },
    ],
    defaultChoice: 'retry',
  };
}
