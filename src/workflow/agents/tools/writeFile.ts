import { z } from 'zod';
import { checkNotebook } from '../../edits/notebook.ts';
import { say } from '../../words/say.ts';
import { type EditBox, editTool, provenanceFields, provenanceOf } from './editTool.ts';

export function writeFile(box: EditBox) {
  return editTool(
    box,
    {
      name: 'write_file',
      description:
        'Writes a whole file: a new one, or one of which little would stay. To change part of a file use edit_file.',
      input: z.object({ path: z.string(), content: z.string(), ...provenanceFields }),
      summary: ({ path }) => say`wrote ${path}`,
    },
    async (input) => {
      const effect = await box.overlay.write(input.path, input.content, provenanceOf(input));
      checkNotebook(effect.path, effect.text ?? '');
      return { effect, answer: `Wrote ${effect.path}.` };
    },
  );
}
