import { z } from 'zod';
import { insertCell as withCell } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function insertCell(box: EditBox) {
  return editTool(
    box,
    {
      name: 'insert_cell',
      description: 'Adds a cell to a notebook, after the cell of that number; 0 puts it first.',
      input: z.object({
        path: z.string(),
        after: z.number().int().min(0),
        type: z.enum(['code', 'markdown', 'raw']),
        source: z.string(),
        ...provenanceFields,
      }),
      summary: ({ path, after }) => say`added cell ${after + 1} to ${path}`,
    },
    async (input) => {
      const { path, after, type, source } = input;
      const effect = await box.overlay.change(path, (text) => withCell(text, after, type, source), provenanceOf(input));
      return { effect, answer: `It is cell ${after + 1} of ${effect.path}; the cells after it count one up.` };
    },
  );
}
