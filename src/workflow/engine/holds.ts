import { cancelled } from '../errors.ts';
import type { AttemptAtWork } from './attempt.ts';
import type { Decision, Gate } from './events.ts';
import { awaitDecision, openGate } from './gates.ts';

/** A gate that stops new work of the whole run, whichever branch meets the reason first. */
export type HeldGate = Omit<Gate, 'id'> & {
  /** 'provider-down', 'budget': the gates of one key are numbered in the order they open. */
  readonly key: string;
};

/** The choice of a held gate that ends the run; every other one goes on. */
export const STOP = 'stop';

/** The held gates of one attempt. However many branches wait, there is one gate a key, opened once. */
export class Holds {
  readonly #attempt: AttemptAtWork;
  readonly #waiting = new Map<string, Promise<Decision>>();

  constructor(attempt: AttemptAtWork) {
    this.#attempt = attempt;
  }

  /** How often a hold of this key has been decided: says whether a failure is older than the last decision. */
  decided(key: string): number {
    const { store, runId, attempt } = this.#attempt;
    return store.decidedGates(runId, attempt, `${key}-`);
  }

  /** Waits while a hold is open, also one that an earlier process opened. @throws PlanwrightError CANCELLED */
  async pass(): Promise<void> {
    const { store, runId, attempt } = this.#attempt;
    for (const gate of store.openGates(runId, attempt)) {
      if (gate.held) await this.#wait(gate);
    }
  }

  /** Opens the gate, or joins the one of its key that is open, and waits. @throws PlanwrightError CANCELLED */
  async wait({ key, ...gate }: HeldGate): Promise<void> {
    const { store, runId, attempt } = this.#attempt;
    const open = store.openGates(runId, attempt).find(({ id, held }) => held && id.startsWith(`${key}-`));
    await this.#wait(open ?? { ...gate, id: `${key}-${this.decided(key) + 1}`, held: true });
  }

  async #wait(gate: Gate): Promise<void> {
    let decision = this.#waiting.get(gate.id);
    if (!decision) {
      openGate(this.#attempt, gate);
      decision = this.#attempt.during('waiting', () => awaitDecision(this.#attempt, gate.id));
      this.#waiting.set(gate.id, decision);
    }
    if ((await decision).choice === STOP) throw cancelled();
  }
}
