import { z } from 'zod';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

export function outline(box: ToolBox) {
  return readTool(box, {
    name: 'outline',
    description: 'Lists the symbols a file defines, with their lines.',
    input: z.object({ path: z.string() }),
    summary: ({ path }) => say`outlined ${path}`,
    execute: async (input) => {
      const symbols = await box.workspace.outline(checkedPath(input.path));
      return cutLines(
        symbols.map(({ line, kind, name }) => `${line}\t${kind} ${name}`),
        300,
        'symbols',
      );
    },
  });
}
