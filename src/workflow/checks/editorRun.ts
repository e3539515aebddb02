import type { Diagnostic, FoundProblems } from '../ports.ts';
import { say } from '../words/say.ts';
import type { CheckRun } from './checks.ts';
import { counted } from './failures/counted.ts';

/** What an editor's language services say, as the run of a check: its failures are the errors, wherever they stand. */

export const editorCheck = { name: 'Problems in the editor', kind: 'types' } as const;

/** Of a message in several lines the first tells which problem it is. */
const MAX_NAME = 300;
/** Problems that are listed. */
const LISTED = 100;

/**
 * @param durationMs how long it took to find them
 * @param before what was found without the edits; warnings that are in it are not told. Null when that is not known
 */
export function editorRun(found: FoundProblems, durationMs: number, before: FoundProblems | null = null): CheckRun {
  const errors = found.problems.filter(({ severity }) => severity === 'error');
  const known = new Set(namesOf(before?.problems.filter(({ severity }) => severity === 'warning') ?? []));
  const warnings = found.problems.filter(({ severity }) => severity === 'warning');
  const names = namesOf(warnings);
  const cut = whyUnknown(found);
  const fresh = warnings.filter((_warning, index) => !known.has(names[index] ?? ''));
  return {
    name: editorCheck.name,
    outcome: errors.length > 0 ? 'failed' : cut === undefined ? 'passed' : 'not-run',
    exitCode: null,
    durationMs,
    output: [...errors, ...fresh].slice(0, LISTED).map(lineOf).join('\n'),
    ...(cut === undefined ? {} : { cut }),
    ...(errors.length > 0 ? { failures: namesOf(errors) } : {}),
    ...(fresh.length > 0
      ? { note: fresh.length === 1 ? say`One new warning.` : say`${fresh.length} new warnings.` }
      : {}),
  };
}

/** Why no error does not mean that there is none. Who says nothing has not said that all is well. */
function whyUnknown({ asked, answered, cut }: FoundProblems): string | undefined {
  if (cut !== undefined || answered >= asked) return cut;
  return asked === 1
    ? say`The language service for the file has said nothing of it.`
    : say`The language services have said nothing of ${asked - answered} of ${asked} files.`;
}

/** Found under the name a file has now, where the edits moved it. */
export function renamed(found: FoundProblems, names: ReadonlyMap<string, string>): FoundProblems {
  return { ...found, problems: found.problems.map((one) => ({ ...one, path: names.get(one.path) ?? one.path })) };
}

/** Without lines: an edit above a problem makes it no other. */
function namesOf(problems: readonly Diagnostic[]): string[] {
  return counted(problems.map(({ path, message }) => `${path}: ${(message.split('\n')[0] ?? '').slice(0, MAX_NAME)}`));
}

function lineOf({ path, line, severity, message }: Diagnostic): string {
  return `${path}:${line}: ${severity}: ${message}`;
}
