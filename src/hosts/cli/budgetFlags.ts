import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Limits, Prices } from '../../workflow/agents/budget.ts';
import { firstIssue, forPeople } from '../../workflow/words/issues.ts';
import { type Flags, wrongUse } from './options.ts';

/** What runs may take, and what models cost: the editor's planwright.budget.* and planwright.prices. */

const amount = z.number().min(0).finite();

/** For a million tokens each, by the model's name as its provider calls it. */
const pricesSchema = z.record(
  z.string().min(1),
  z.strictObject({ input: amount, output: amount, cachedInput: amount.exactOptional() }),
);

/** As `--budget tokens=200000 --budget cost=2.50` says; 0 is no limit. @throws PlanwrightError INVALID_INPUT */
export function limitsOf({ budget = [] }: Flags): Limits {
  const limits = { tokens: null, cost: null, minutes: null } as Record<keyof Limits, number | null>;
  for (const text of budget) {
    const [, name = '', value = ''] = /^(tokens|cost|minutes)=(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
    if (name === '') throw wrongUse(`--budget takes tokens=N, cost=N or minutes=N; “${text}” is none of them.`);
    limits[name as keyof Limits] = Number(value) || null;
  }
  return limits;
}

/**
 * @param env its PLANWRIGHT_PRICES names the file where no flag does
 * @throws PlanwrightError INVALID_INPUT
 */
export function pricesOf({ prices }: Flags, env: NodeJS.ProcessEnv): Prices {
  const file = prices ?? env.PLANWRIGHT_PRICES?.trim();
  if (!file) return {};
  const checked = pricesSchema.safeParse(jsonIn(file), forPeople);
  if (checked.success) return checked.data;
  const { where, what } = firstIssue(checked.error, 'the file');
  throw wrongUse(
    `The prices in ${file} cannot be used: ${where}: ${what}. They are {"<model>": {"input": 1.25, "output": 10, "cachedInput": 0.125}, …}, for a million tokens.`,
  );
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw wrongUse(`The prices in ${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

/** What a run took, in a line. */
export function usageText(usage: {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
  readonly cost: number | null;
}): string {
  const { inputTokens, cachedInputTokens, outputTokens, calls } = usage;
  // A provider that does not report its cache looks like one that met nothing in it: neither is said.
  const cached =
    cachedInputTokens > 0 ? ` (${Math.round((100 * cachedInputTokens) / inputTokens)} % of input cached)` : '';
  const tokens = `${inputTokens + outputTokens} tokens in ${calls} calls${cached}`;
  // Without a price table every cost is unknown: nobody asked for it.
  return usage.cost === null || usage.cost === 0 ? tokens : `${tokens}, cost ${costText(usage.cost)}`;
}

function costText(cost: number): string {
  return cost >= 0.01 ? cost.toFixed(2) : cost.toPrecision(2);
}
