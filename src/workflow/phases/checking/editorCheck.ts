import { z } from 'zod';
import type { FileStates } from '../../checks/checks.ts';
import { type CheckRun, checkRunSchema } from '../../checks/checks.ts';
import { editorCheck, editorRun, renamed } from '../../checks/editorRun.ts';
import { resultsOf } from '../../checks/results.ts';
import type { CheckResult } from '../../engine/events.ts';
import { asPlanwrightError, inWords } from '../../errors.ts';
import { isRunByEditors } from '../../guards.ts';
import type { WorkflowPorts } from '../context.ts';
import { type Draft, filesWith, filesWithout, movesOf, textsOf } from './draft.ts';

const lookSchema = z.object({ edited: checkRunSchema, before: checkRunSchema.nullable() }).nullable();
type Look = z.infer<typeof lookSchema>;

/**
 * What the editor's language services say of a draft, as a check. An error is the draft's own when the same file without
 * the task's edits has none like it. Null where there is no editor any more, and where no language service is there for the files.
 */
export async function checkInEditor(draft: Draft, round: number, ports: WorkflowPorts): Promise<CheckResult | null> {
  const changes = draft.overlay.changes();
  const look = await draft.run.step(`editor-${round}`, lookSchema, (signal) => lookAt(draft, ports, signal), {
    input: textsOf(changes),
  });
  if (!look) return null;
  return resultsOf([editorCheck], look.before ? [look.before] : [], [look.edited])[0] ?? null;
}

async function lookAt(draft: Draft, ports: WorkflowPorts, signal: AbortSignal): Promise<Look> {
  const { editor, clock } = ports;
  if (!editor) return null;
  const began = clock.now();
  const took = () => Math.max(0, clock.now() - began);
  try {
    const edited = harmless(await filesWith(draft, ports));
    const original = harmless(await filesWithout(draft, ports));
    const paths = [...edited].flatMap(([path, text]) => (text === null || text === original.get(path) ? [] : [path]));
    if (paths.length === 0) return null;
    const found = await editor.find(paths, edited, signal);
    if (found.asked === 0 && found.cut === undefined) return null;
    if (found.problems.length === 0) return { edited: editorRun(found, took()), before: null };

    // Only where something is wrong it matters whether it was before.
    const olds = movesOf(draft, ports);
    const news = new Map([...olds].map(([path, from]) => [from, path]));
    const wrong = [...new Set(found.problems.map(({ path }) => olds.get(path) ?? path))];
    const before = renamed(await editor.find(wrong, original, signal), news);
    return { edited: editorRun(found, took(), before), before: editorRun(before, took()) };
  } catch (error) {
    const failure = asPlanwrightError(error);
    if (failure.code === 'CANCELLED') throw error;
    return { edited: notRun(inWords(failure), took()), before: null };
  }
}

/** Nobody has allowed that what agents wrote is run: configuration that would be stays as the developer has it. */
function harmless(files: FileStates): FileStates {
  return new Map([...files].filter(([path]) => !isRunByEditors(path)));
}

function notRun(cut: string, durationMs: number): CheckRun {
  return { name: editorCheck.name, outcome: 'not-run', exitCode: null, durationMs, output: '', cut };
}
