import { z } from 'zod';
import type { CheckCommand, CheckRun } from '../../checks/checks.ts';
import { proofOfFile, type TestFile, testCommandsFor } from '../../checks/proofs.ts';
import { testRole } from '../../checks/testFiles.ts';
import type { Effect } from '../../edits/overlay.ts';
import { filesBefore, filesOfTask } from '../../edits/taskFiles.ts';
import type { TestProof } from '../../engine/events.ts';
import { say } from '../../words/say.ts';
import type { WorkflowPorts } from '../context.ts';
import { type Draft, placeOf, textsOf } from './draft.ts';
import type { Ground, RunChecks } from './runChecks.ts';

/** The tests of a task, new or changed. */
export function testsIn(changes: readonly Effect[]): TestFile[] {
  return changes.flatMap(({ path, text }) =>
    text !== null && testRole(path, text) === 'test' ? [{ path, text }] : [],
  );
}

/**
 * Whether each of a task's tests fails without the implementation: the workspace as it was before the run, with just the
 * tests and what serves them, against what the checks said of it all.
 */
export async function proveTests(
  { run, overlay, standsOn }: Draft,
  round: number,
  withImplementation: readonly CheckRun[],
  { commands }: Ground,
  checks: RunChecks,
  ports: WorkflowPorts,
): Promise<TestProof[]> {
  const changes = overlay.changes();
  const tests = testsIn(changes);
  if (tests.length === 0) return [];
  const unproven = (reason: string) => tests.map(({ path }): TestProof => ({ path, verdict: 'unproven', reason }));
  const place = placeOf(run, standsOn);
  const needed = commands.filter((command) =>
    tests.some(({ path }) => testCommandsFor(path, commands).includes(command)),
  );
  if (needed.length === 0) return unproven(say`No check that runs tests here is allowed.`);

  // Which files are there to be left out depends on the proposals of other tasks: journaled, as those may change.
  const implemented = await run.step(`prove-${round}-what`, z.boolean(), async () =>
    [...filesBefore(ports.proposals, place, changes).keys()].some((path) => testRole(path, '') === 'other'),
  );
  if (!implemented) return unproven(say`Nothing but tests was changed, so there is nothing they could fail without.`);

  const without = async (kept: readonly TestFile[]) => {
    const files = await filesOfTask(ports.proposals, place, changes);
    for (const [path, text] of filesBefore(ports.proposals, place, changes)) {
      const now = files.get(path);
      const role = testRole(path, now ?? text);
      const stays = role === 'support' || kept.some((test) => test.path === path);
      if (!stays) files.set(path, text);
    }
    return files;
  };
  const input = textsOf(changes);
  const together = await checks.over(run, `prove-${round}`, needed, input, () => without(tests));
  if ('skipped' in together) return unproven(together.skipped);

  const proofs: TestProof[] = [];
  for (const [index, test] of tests.entries()) {
    const [command] = testCommandsFor(test.path, needed);
    if (!command) continue;
    const first = judged(test, command, withImplementation, together.runs);
    const mayBeExcused = first.verdict === 'vacuous' || namesNone(command, together.runs);
    if (tests.length === 1 || !mayBeExcused) {
      proofs.push(first);
      continue;
    }
    // Another test may have ended the run before this one's turn: by itself it has no such excuse.
    const alone = await checks.over(run, `prove-${round}-alone-${index + 1}`, [command], input, () => without([test]));
    proofs.push('skipped' in alone ? first : judged(test, command, withImplementation, alone.runs));
  }
  return proofs;
}

function judged(
  test: TestFile,
  command: CheckCommand,
  withImplementation: readonly CheckRun[],
  withoutImplementation: readonly CheckRun[],
): TestProof {
  const whole = withImplementation.find(({ name }) => name === command.name);
  const partial = withoutImplementation.find(({ name }) => name === command.name);
  if (!whole || !partial) return { path: test.path, verdict: 'unproven', reason: say`The tests were not run.` };
  const proof = proofOfFile(test, command, { withImplementation: whole, withoutImplementation: partial });
  return { path: test.path, ...proof };
}

function namesNone({ name }: CheckCommand, runs: readonly CheckRun[]): boolean {
  const run = runs.find((other) => other.name === name);
  return run?.outcome === 'failed' && !run.failures;
}
