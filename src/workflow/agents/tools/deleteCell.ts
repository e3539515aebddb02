import { z } from 'zod';
import { deleteCell as withoutCell } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function deleteCell(box: EditBox) {
  return editTool(
    box,
    {
      name: 'delete_cell',
      description: 'Removes a cell of a notebook, with its outputs.',
      input: z.object({ path: z.string(), cell: z.number().int().min(1), ...provenanceFields }),
      summary: ({ path, cell }) => say`deleted cell ${cell} of ${path}`,
    },
    async (input) => {
      const { path, cell } = input;
      const effect = await box.overlay.change(path, (text) => withoutCell(text, cell), provenanceOf(input));
      return { effect, answer: `Deleted it from ${effect.path}; the cells after it count one down.` };
    },
  );
}
