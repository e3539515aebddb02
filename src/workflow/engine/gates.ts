import { cancelled } from '../errors.ts';
import type { Attempt, AttemptAtWork } from './attempt.ts';
import type { Decision, Gate } from './events.ts';

/** How often a waiting gate looks whether another process has decided, in milliseconds. */
const POLL_MS = 500;

/** Opens the gate and says so, once however often it is called. */
export function openGate({ store, runId, attempt }: Attempt, gate: Gate): void {
  store.atomically(() => {
    store.openGate(runId, attempt, gate);
    store.appendEvent(runId, attempt, { type: 'gate.opened', gate }, `gate-opened:${gate.id}`);
  });
}

/** Waits for a decision made here or by another process on the same database. @throws PlanwrightError CANCELLED */
export function awaitDecision(
  { store, runId, attempt, signal: untilEnd }: AttemptAtWork,
  id: string,
  signal: AbortSignal = untilEnd,
): Promise<Decision> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearInterval(timer);
      unsubscribe();
      signal.removeEventListener('abort', abort);
    };
    const look = () => {
      try {
        const decision = store.decision(runId, attempt, id);
        if (!decision) return;
        stop();
        resolve(decision);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const abort = () => {
      stop();
      reject(cancelled());
    };
    const timer = setInterval(look, POLL_MS);
    const unsubscribe = store.subscribe(({ event }) => {
      if (event.type === 'gate.decided' && event.gateId === id) look();
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else look();
  });
}
