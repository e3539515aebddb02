import { z } from 'zod';
import type { CheckResult } from '../../engine/events.ts';
import { say } from '../../words/say.ts';
import { readTool, type ToolBox } from './toolBox.ts';

/** What the implementer may check its edits with. */
export interface CheckBench {
  /** The names of the checks that may run; a sentence when none may, now or at all. */
  names(): readonly string[] | string;
  /** Runs one on the edits so far. */
  run(name: string): Promise<CheckResult | string>;
}

const NAMED = 30;
const SHOWN = 6_000;

/** One of the workspace's own checks, on the agent's edits so far. */
export function runCheck(box: ToolBox, bench: CheckBench) {
  return readTool(box, {
    name: 'run_check',
    description:
      'Runs one of the workspace’s own checks (tests, types, lint) on your edits so far, in a copy, and tells what fails and whether it did before. An empty name lists the checks.',
    input: z.object({ name: z.string().default('') }),
    summary: ({ name }) => (name === '' ? say`looked which checks there are` : say`ran the check ${name}`),
    execute: async ({ name }) => {
      const names = bench.names();
      if (typeof names === 'string') return names;
      if (!names.includes(name)) {
        return `${name === '' ? '' : `There is no check “${name}” that may run. `}The checks are:\n${names.map((one) => `- ${one}`).join('\n')}`;
      }
      const result = await bench.run(name);
      return typeof result === 'string' ? result : textOf(result);
    },
  });
}

function textOf({ name, verdict, reason, newFailures, output }: CheckResult): string {
  const more = newFailures.length - NAMED;
  return [
    `${name}: ${verdict}. ${reason}`,
    ...newFailures.slice(0, NAMED).map((test) => `- new: ${test}`),
    ...(more > 0 ? [`- … ${more} more`] : []),
    ...(output === '' ? [] : [`Output:\n${output.length > SHOWN ? `…\n${output.slice(-SHOWN)}` : output}`]),
  ].join('\n');
}
