import { z } from 'zod';
import { editCell as changeCell } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function editCell(box: EditBox) {
  return editTool(
    box,
    {
      name: 'edit_cell',
      description:
        "Replaces oldText, which must be in the source of a notebook's cell exactly once, with newText. Both are the code or prose itself, not JSON. An empty oldText fills an empty cell.",
      input: z.object({
        path: z.string(),
        cell: z.number().int().min(1).describe('as read_notebook numbers it'),
        oldText: z.string(),
        newText: z.string(),
        ...provenanceFields,
      }),
      summary: ({ path, cell }) => say`edited cell ${cell} of ${path}`,
    },
    async (input) => {
      const { path, cell, oldText, newText } = input;
      const change = (text: string) => changeCell(text, cell, oldText, newText);
      const effect = await box.overlay.change(path, change, provenanceOf(input));
      return { effect, answer: `Edited cell ${cell} of ${effect.path}.` };
    },
  );
}
