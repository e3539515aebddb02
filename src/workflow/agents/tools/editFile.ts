import { z } from 'zod';
import { checkNotebook } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function editFile(box: EditBox) {
  return editTool(
    box,
    {
      name: 'edit_file',
      description: 'Replaces oldText, which must be in the file exactly once, with newText.',
      input: z.object({ path: z.string(), oldText: z.string(), newText: z.string(), ...provenanceFields }),
      summary: ({ path }) => say`edited ${path}`,
    },
    async (input) => {
      const effect = await box.overlay.edit(input.path, input.oldText, input.newText, provenanceOf(input));
      checkNotebook(effect.path, effect.text ?? '');
      const { start, count } = effect.provenance.at(-1)?.range ?? { start: 0, count: 0 };
      return {
        effect,
        answer: `Edited ${effect.path}: it now has your text at lines ${start + 1} to ${start + count}.`,
      };
    },
  );
}
