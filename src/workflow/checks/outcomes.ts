import { z } from 'zod';
import { type CheckRun, checkRunSchema } from './checks.ts';
import { tellingPart } from './tellingPart.ts';

/** What running checks came to: what they said, or why none ran. As the journal keeps it. */
export const outcomesSchema = z.union([
  z.object({ runs: z.array(checkRunSchema) }),
  /** Why nothing ran, as a sentence. */
  z.object({ skipped: z.string() }),
]);
export type Outcomes = z.infer<typeof outcomesSchema>;

/** Characters of an output that are kept in the journal. */
const KEPT = 12_000;

/** A run as it is worth keeping: of a long output the part that tells most, of a check that passed none. */
export function worthKeeping(run: CheckRun): CheckRun {
  return { ...run, output: saysNothing(run) ? '' : tellingPart(run.output, run.failures ?? [], KEPT) };
}

/** What a check that passed has printed tells nobody anything, unless it says so. */
export function saysNothing({ outcome, note }: CheckRun): boolean {
  return outcome === 'passed' && note === undefined;
}
