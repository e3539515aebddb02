import type { CheckCommand, CheckRun } from './checks.ts';
import { failsIn } from './testFiles.ts';
import { type Proof, provesItself } from './testsThatTest.ts';

export interface TestFile {
  readonly path: string;
  readonly text: string;
}

/** The test commands that run a file: of those whose folder it is in, the ones nearest to it. */
export function testCommandsFor(path: string, commands: readonly CheckCommand[]): CheckCommand[] {
  const around = commands.filter(({ kind, cwd }) => kind === 'test' && (cwd === '.' || path.startsWith(`${cwd}/`)));
  const nearest = Math.max(...around.map(({ cwd }) => (cwd === '.' ? 0 : cwd.length)));
  return around.filter(({ cwd }) => (cwd === '.' ? 0 : cwd.length) === nearest);
}

/**
 * A run as far as it is about one file: passed when none of the tests it names as failing stands in it. A run that
 * names none is about all files alike.
 */
export function runOfFile(run: CheckRun, file: TestFile, cwd: string): CheckRun {
  if (run.outcome !== 'failed' || !run.failures) return run;
  const own = run.failures.filter((failure) => failsIn(failure, { ...file, cwd }));
  return own.length === 0 ? { ...run, outcome: 'passed', failures: [] } : { ...run, failures: own };
}

/** Does one file of several that were run together test anything? See {@link provesItself}. */
export function proofOfFile(
  file: TestFile,
  { cwd }: CheckCommand,
  runs: { readonly withImplementation: CheckRun; readonly withoutImplementation: CheckRun },
): Proof {
  return provesItself({
    withImplementation: runOfFile(runs.withImplementation, file, cwd),
    withoutImplementation: runOfFile(runs.withoutImplementation, file, cwd),
  });
}
