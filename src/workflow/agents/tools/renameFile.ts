import { z } from 'zod';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function renameFile(box: EditBox) {
  return editTool(
    box,
    {
      name: 'rename_file',
      description: 'Moves a file to a path where there is none.',
      input: z.object({ from: z.string(), to: z.string(), ...provenanceFields }),
      summary: ({ from, to }) => say`moved ${from} to ${to}`,
    },
    async (input) => {
      const effect = await box.overlay.rename(input.from, input.to, provenanceOf(input));
      return { effect, answer: `Moved it to ${effect.path}.` };
    },
  );
}
