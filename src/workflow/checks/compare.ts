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
    return result('unknown', proposed.cut ?? 'It could not be run with the proposals.');
  }
  if (proposed.outcome === 'passed') {
    return baseline.outcome === 'failed' || baseline.outcome === 'timed-out'
      ? result('mended', 'It failed before the proposals and passes with them.')
      : result('passes', 'It passes.');
  }
  const how = proposed.outcome === 'timed-out' ? 'It was stopped' : 'It fails';
  if (baseline.outcome === 'not-run') {
    return result('unknown', `${how}, and whether it did before is not known: it could not be run.`);
  }
  if (baseline.outcome === 'passed') return result('new failure', `${how} with the proposals; it passed before.`);
  if (baseline.outcome !== proposed.outcome) {
    return proposed.outcome === 'timed-out'
      ? result('new failure', 'It came to an end before the proposals and does not with them.')
      : result('already failing', 'It did not pass before the proposals either.');
  }
  if (baseline.failures && !proposed.failures && proposed.outcome === 'failed') {
    return result('new failure', 'It fails otherwise than before: it does not come to naming the failing tests.');
  }
  const added = baseline.failures && proposed.failures ? after.filter((test) => !before.includes(test)) : [];
  if (added.length > 0) return result('new failure', `${quoted(added)} did not fail before.`);
  return result('already failing', 'It failed before the proposals, and nothing more fails with them.');
}

/** Is it known of each test whether it failed? */
function comparable({ outcome, failures }: CheckRun): boolean {
  return outcome === 'passed' || (outcome === 'failed' && failures !== undefined);
}

const SHOWN = 3;

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map((name) => `“${name}”`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
