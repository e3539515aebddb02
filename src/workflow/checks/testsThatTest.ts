import type { CheckRun } from './checks.ts';

export interface Proof {
  readonly verdict: 'proven' | 'vacuous' | 'unproven';
  readonly reason: string;
}

/**
 * Do new tests test anything? They must pass with the implementation and fail without it: a test that passes
 * without it would have let its absence through.
 * @param withImplementation a run of the tests with all proposals
 * @param withoutImplementation the same tests on the workspace as it was
 */
export function provesItself({
  withImplementation,
  withoutImplementation,
}: {
  readonly withImplementation: CheckRun;
  readonly withoutImplementation: CheckRun;
}): Proof {
  if (withoutImplementation.outcome === 'passed') {
    return { verdict: 'vacuous', reason: 'The tests pass without the implementation, so they do not test it.' };
  }
  const whyNot = unfinished(withImplementation, 'with') ?? unfinished(withoutImplementation, 'without');
  if (whyNot !== undefined) return { verdict: 'unproven', reason: whyNot };

  const { failures: without } = withoutImplementation;
  if (withImplementation.outcome === 'passed') {
    const named = without && without.length > 0 ? `: ${without[0]}${more(without)}` : '';
    return { verdict: 'proven', reason: `The tests pass with the implementation and fail without it${named}.` };
  }
  const { failures: still } = withImplementation;
  if (!still || !without) {
    return { verdict: 'unproven', reason: 'The tests fail with the implementation as well, and do not say which.' };
  }
  // The workspace may have failing tests of its own; what counts is whether the implementation mends any.
  const mended = without.filter((test) => !still.includes(test));
  if (still.some((test) => !without.includes(test))) {
    return { verdict: 'unproven', reason: 'With the implementation a test fails that did not without it.' };
  }
  if (mended.length === 0) {
    return { verdict: 'unproven', reason: 'The same tests fail with the implementation as without it.' };
  }
  return {
    verdict: 'proven',
    reason: `The tests that fail without the implementation and pass with it: ${mended[0]}${more(mended)}. The others (${still.length}) fail either way.`,
  };
}

function more(names: readonly string[]): string {
  return names.length > 1 ? ` and ${names.length - 1} more` : '';
}

function unfinished({ outcome, cut }: CheckRun, which: 'with' | 'without'): string | undefined {
  if (outcome !== 'timed-out' && outcome !== 'not-run') return undefined;
  const what = outcome === 'not-run' ? 'could not be run' : 'were stopped';
  return `The tests ${what} ${which} the implementation${cut === undefined ? '.' : `: ${cut}`}`;
}
