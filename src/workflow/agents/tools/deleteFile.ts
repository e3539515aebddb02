import { z } from 'zod';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function deleteFile(box: EditBox) {
  return editTool(
    box,
    {
      name: 'delete_file',
      description: 'Deletes a file.',
      input: z.object({ path: z.string(), ...provenanceFields }),
      summary: ({ path }) => say`deleted ${path}`,
    },
    async (input) => {
      const effect = await box.overlay.remove(input.path, provenanceOf(input));
      return { effect, answer: `Deleted ${effect.path}.` };
    },
  );
}
