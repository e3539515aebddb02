import { type HeldGate, STOP } from '../engine/holds.ts';
import type { Spent } from '../engine/store.ts';
import { say } from '../words/say.ts';
import type { ModelCall } from './modelCall.ts';

/** What a run may take before it asks, over all its attempts; null for no limit. */
export interface Limits {
  /** Input and output tokens together. */
  readonly tokens: number | null;
  /** In the currency of the price table. */
  readonly cost: number | null;
  /** Minutes of waiting for models; calls side by side add up. */
  readonly minutes: number | null;
}

/** For a million tokens each, in whatever currency the table is kept in. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** For input that came from the provider's cache; as `input` when absent. */
  readonly cachedInput?: number;
}

/** By the model's name as the provider calls it. */
export type Prices = Readonly<Record<string, Price>>;

/** Where a run's spending is looked up. */
export interface Ledger {
  spent(runId: string): Spent;
  /** How often the developer has let a run go on over its limits. */
  raised(runId: string, key: string): number;
}

const MILLION = 1_000_000;
const MINUTE_MS = 60_000;

/** Asks before a run takes more than its limits; each time the developer agrees, they are granted once more. */
export class Budget {
  readonly key = 'budget';
  readonly #prices: Prices;
  readonly #limits: Limits;
  readonly #ledger: Ledger;

  constructor(limits: Limits, prices: Prices, ledger: Ledger) {
    this.#limits = limits;
    this.#prices = prices;
    this.#ledger = ledger;
  }

  /** The gate to wait at before the next model call; null while the run is within its limits. */
  gate(runId: string): HeldGate | null {
    const { tokens, cost, minutes } = this.#limits;
    if (tokens === null && cost === null && minutes === null) return null;
    const spent = this.#ledger.spent(runId);
    const grants = this.#ledger.raised(runId, this.key) + 1;
    const over = [
      reached(
        spent.inputTokens + spent.outputTokens,
        tokens,
        grants,
        (is, of) => say`It has taken ${is} tokens of ${of}.`,
      ),
      reached(spent.cost, cost, grants, (is, of) => say`It has cost ${is} of ${of}.`),
      reached(
        spent.modelMs / MINUTE_MS,
        minutes,
        grants,
        (is, of) => say`It has taken ${is} minutes of model time of ${of}.`,
      ),
    ].filter((text) => text !== null);
    if (over.length === 0) return null;
    return {
      key: this.key,
      kind: 'budget',
      title: say`The run’s budget is used up`,
      question: [...over, say`Going on grants as much again.`].join(' '),
      choices: [
        { id: 'raise', label: say`Go on` },
        { id: STOP, label: say`Stop the run` },
      ],
      defaultChoice: 'raise',
    };
  }

  /** What a call cost by its model's price; undefined without one. */
  costOf(model: string, { inputTokens, outputTokens }: ModelCall['usage']): number | undefined {
    const price = this.#prices[model];
    if (!price) return undefined;
    const cached = inputTokens.cacheRead ?? 0;
    const fresh = (inputTokens.total ?? 0) - cached;
    const { input, output, cachedInput = input } = price;
    return (fresh * input + cached * cachedInput + (outputTokens.total ?? 0) * output) / MILLION;
  }
}

function reached(
  spent: number,
  limit: number | null,
  grants: number,
  words: (spent: string, limit: number) => string,
): string | null {
  if (limit === null || spent < limit * grants) return null;
  const shown = Number.isInteger(spent) ? String(spent) : spent.toFixed(2);
  return words(shown, limit * grants);
}

/** For runs without limits: tests, and hosts that have no settings. */
export const unlimited = new Budget(
  { tokens: null, cost: null, minutes: null },
  {},
  {
    spent: () => ({ inputTokens: 0, outputTokens: 0, modelMs: 0, cost: 0 }),
    raised: () => 0,
  },
);
