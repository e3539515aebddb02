import type { CheckResult, TestProof } from '../engine/events.ts';

/** Failing tests that are named to an agent; more of them do not tell it more. */
const NAMED = 20;
/** Characters of all outputs together. */
const OUTPUTS = 8_000;

/** Checks that fail with an agent's edits and did not before. */
export function mendingPrompt(failures: readonly CheckResult[], left: number): string {
  const room = Math.floor(OUTPUTS / failures.length);
  return [
    'The workspace’s own checks were run on your edits, in a copy. These fail now and did not before:',
    ...failures.map(({ name, reason, newFailures, output }) =>
      [
        `Check “${name}”: ${reason}`,
        ...newFailures.slice(0, NAMED).map((test) => `- ${test}`),
        ...(newFailures.length > NAMED ? [`- … ${newFailures.length - NAMED} more`] : []),
        ...(output === '' ? [] : [`Output:\n${output.length > room ? `…\n${output.slice(-room)}` : output}`]),
      ].join('\n'),
    ),
    `Mend your edits so that they pass. Change a test that was there before only where the task itself asks for other behaviour; never weaken or remove one to make it pass. ${
      left > 0
        ? 'Then report again, as before.'
        : 'This is the last try before the developer sees your edits. Then report again, as before.'
    }`,
  ].join('\n\n');
}

/** Tests that pass without what they are to test. */
export function vacuousPrompt(vacuous: readonly TestProof[]): string {
  return [
    'Your tests were run without your implementation. These pass all the same, so they would not notice if it were missing or wrong:',
    vacuous.map(({ path, reason }) => `- ${path}: ${reason}`).join('\n'),
    'Mend them so that they fail without the implementation and pass with it; see also that the workspace’s test command runs them. Then report again, as before. If one cannot be mended, say why in the summary.',
  ].join('\n\n');
}

/** Lines of a task's doneWhen that the report says nothing about. */
export function evidencePrompt(missing: readonly string[]): string {
  return [
    'Your report has no evidence for these lines of doneWhen:',
    missing.map((line) => `- ${line}`).join('\n'),
    'Look whether each one holds, and finish what does not. Then report again as before, with evidence for every line of doneWhen, each quoted as it stands in the task.',
  ].join('\n\n');
}
