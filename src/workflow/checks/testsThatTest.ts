import { say } from '../words/say.ts';
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
    return { verdict: 'vacuous', reason: say`The tests pass without the implementation, so they do not test it.` };
  }
  const whyNot = unfinished(withImplementation, 'with') ?? unfinished(withoutImplementation, 'without');
  if (whyNot !== undefined) return { verdict: 'unproven', reason: whyNot };

  const { failures: without } = withoutImplementation;
  if (withImplementation.outcome === 'passed') {
    const reason =
      without && without.length > 0
        ? say`The tests pass with the implementation and fail without it: ${named(without)}.`
        : say`The tests pass with the implementation and fail without it.`;
    return { verdict: 'proven', reason };
  }
  const { failures: still } = withImplementation;
  if (!still || !without) {
    return { verdict: 'unproven', reason: say`The tests fail with the implementation as well, and do not say which.` };
  }
  // The workspace may have failing tests of its own; what counts is whether the implementation mends any.
  const mended = without.filter((test) => !still.includes(test));
  if (still.some((test) => !without.includes(test))) {
    return { verdict: 'unproven', reason: say`With the implementation a test fails that did not without it.` };
  }
  if (mended.length === 0) {
    return { verdict: 'unproven', reason: say`The same tests fail with the implementation as without it.` };
  }
  return {
    verdict: 'proven',
    reason: say`The tests that fail without the implementation and pass with it: ${named(mended)}. The others (${still.length}) fail either way.`,
  };
}

function named([first = '', ...others]: readonly string[]): string {
  return others.length > 0 ? say`${first} and ${others.length} more` : first;
}

function unfinished({ outcome, cut }: CheckRun, which: 'with' | 'without'): string | undefined {
  if (outcome !== 'timed-out' && outcome !== 'not-run') return undefined;
  const what =
    outcome === 'not-run'
      ? which === 'with'
        ? say`The tests could not be run with the implementation.`
        : say`The tests could not be run without the implementation.`
      : which === 'with'
        ? say`The tests were stopped with the implementation.`
        : say`The tests were stopped without the implementation.`;
  return cut === undefined ? what : `${what} ${cut}`;
}
