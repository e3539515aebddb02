import { z } from 'zod';
import type { Effect } from '../../edits/overlay.ts';
import { PlanwrightError } from '../../errors.ts';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { type EditBox, manyFilesTool, provenanceFields, provenanceOf } from './editTool.ts';
import { cutLines } from './toolBox.ts';

/** Every file becomes a proposal of its own for the developer to decide. */
const MAX_FILES = 200;
const MAX_NAMED = 10;

export function moveDirectory(box: EditBox) {
  return manyFilesTool(
    box,
    {
      name: 'move_directory',
      description: `Moves every file of a folder, at most ${MAX_FILES}, to another folder, which need not exist. Ignored files stay.`,
      input: z.object({ from: z.string(), to: z.string(), ...provenanceFields }),
      summary: ({ from, to }) => say`moved the folder ${from} to ${to}`,
    },
    async (input) => {
      const [from, to] = [checkedPath(input.from), checkedPath(input.to)];
      if (`${to}/`.startsWith(`${from}/`)) {
        throw new PlanwrightError('EDIT_MISS', `${from} cannot be moved into itself.`);
      }
      const paths = (await box.paths()).filter((path) => path.startsWith(`${from}/`));
      const effects: Effect[] = [];
      const refusals: string[] = [];
      for (const path of paths) {
        try {
          // A file that an earlier task moves away may be listed still.
          if (!(await box.read(path))) continue;
          effects.push(await box.overlay.rename(path, to + path.slice(from.length), provenanceOf(input)));
        } catch (error) {
          if (!(error instanceof PlanwrightError)) throw error;
          refusals.push(error.message);
        }
      }
      if (refusals.length > 0) {
        const reasons = cutLines(refusals, MAX_NAMED, 'files');
        throw new PlanwrightError('EDIT_MISS', `${from} was not moved, because some files cannot be:\n${reasons}`);
      }
      if (effects.length === 0) throw new PlanwrightError('NOT_FOUND', `There is no folder ${from} with files in it.`);
      if (effects.length > MAX_FILES) {
        throw new PlanwrightError('TOO_LARGE', `${from} has ${effects.length} files; at most ${MAX_FILES} are moved.`, {
          hint: 'Move its folders one by one.',
        });
      }
      return { effects, answer: `Moved ${effects.length} ${effects.length === 1 ? 'file' : 'files'} to ${to}.` };
    },
  );
}
