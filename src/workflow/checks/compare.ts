import { say } from '../words/say.ts';
import type { CheckRun } from './checks.ts';

/**
 * What proposals did to a check. 'unknown' is for a check that could not be run on one of the sides:
 * then nothing is claimed.
 */
export type Verdict = 'new failure' | 'already failing' | 'mended' | 'passes' | 'unknown';

/** One character a verdict, for lists of plain text. */
export const verdictMarks: Readonly<Record<Verdict, string>> = {
  'new failure': '✗',
  'already failing': '–',
  mended: '✓',
  passes: '✓',
  unknown: '?',
};

export interface Comparison {
  readonly name: string;
  readonly verdict: Verdict;
  /** Failing tests that did not fail before. Empty also where the output names none. */
  readonly newFailures: readonly string[];
  /** Failing tests that failed before. */
  readonly stillFailing: readonly string[];
  /** Tests that failed before and do not now. */
  readonly mended: readonly string[];
  /** The verdict as a sentence. */
  readonly reason: string;
}

/**
 * Compares a check on the workspace as it is with the same check under proposals. A failure is new per test
 * where both outputs name their failing tests, else by the outcome alone.
 */
export function compareRuns(baseline: CheckRun, proposed: CheckRun): Comparison {
  const before = baseline.failures ?? [];
  const after = proposed.failures ?? [];
  // Tests that a stopped run did not come to are neither failing nor mended.
  const complete = proposed.outcome === 'passed' || (proposed.outcome === 'failed' && proposed.failures !== undefined);
  const result = (verdict: Verdict, reason: string): Comparison => ({
    name: proposed.name,
    verdict,
    newFailures: verdict === 'unknown' || !comparable(baseline) ? [] : after.filter((test) => !before.includes(test)),
    stillFailing: after.filter((test) => before.includes(test)),
    mended: complete ? before.filter((test) => !after.includes(test)) : [],
    reason,
  });

  if (proposed.outcome === 'not-run') {
    return result('unknown', proposed.cut ?? say`It could not be run with the proposals.`);
  }
  if (proposed.outcome === 'passed') {
    return baseline.outcome === 'failed' || baseline.outcome === 'timed-out'
      ? result('mended', say`It failed before the proposals and passes with them.`)
      : result('passes', say`It passes.`);
  }
  const stopped = proposed.outcome === 'timed-out';
  if (baseline.outcome === 'not-run') {
    const why = stopped
      ? say`It was stopped, and whether it was before is not known: it could not be run.`
      : say`It fails, and whether it did before is not known: it could not be run.`;
    return result('unknown', why);
  }
  if (baseline.outcome === 'passed') {
    const why = stopped
      ? say`It was stopped with the proposals; it passed before.`
      : say`It fails with the proposals; it passed before.`;
    return result('new failure', why);
  }
  if (baseline.outcome !== proposed.outcome) {
    return stopped
      ? result('new failure', say`It came to an end before the proposals and does not with them.`)
      : result('already failing', say`It did not pass before the proposals either.`);
  }
  if (baseline.failures && !proposed.failures && proposed.outcome === 'failed') {
    return result('new failure', say`It fails otherwise than before: it does not come to naming the failing tests.`);
  }
  const added = baseline.failures && proposed.failures ? after.filter((test) => !before.includes(test)) : [];
  if (added.length > 0) return result('new failure', say`${quoted(added)} did not fail before.`);
  return result('already failing', say`It failed before the proposals, and nothing more fails with them.`);
}

/** Is it known of each test whether it failed? */
function comparable({ outcome, failures }: CheckRun): boolean {
  return outcome === 'passed' || (outcome === 'failed' && failures !== undefined);
}

const SHOWN = 3;

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  return more > 0 ? say`${shown.join(', ')} and ${more} more` : shown.join(', ');
}
