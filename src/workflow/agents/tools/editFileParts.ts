import { z } from 'zod';
import { checkNotebook } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function editFileParts(box: EditBox) {
  return editTool(
    box,
    {
      name: 'edit_file_parts',
      description:
        'Several replacements in one file, in order, all of them or none; each oldText must be there exactly once when its turn comes.',
      input: z.object({
        path: z.string(),
        edits: z
          .array(z.object({ oldText: z.string(), newText: z.string() }))
          .min(1)
          .max(50),
        ...provenanceFields,
      }),
      summary: ({ path, edits }) => say`edited ${path} in ${edits.length} places`,
    },
    async (input) => {
      const effect = await box.overlay.editAll(input.path, input.edits, provenanceOf(input));
      checkNotebook(effect.path, effect.text ?? '');
      return { effect, answer: `Edited ${effect.path} in ${input.edits.length} places.` };
    },
  );
}
