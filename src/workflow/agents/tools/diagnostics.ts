import { z } from 'zod';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

export function diagnostics(box: ToolBox) {
  return readTool(box, {
    name: 'diagnostics',
    description: 'Lists the errors and warnings the editor knows of, for one file or all.',
    input: z.object({ path: z.string().nullish() }),
    summary: ({ path }) => (path ? say`read the problems of ${path}` : say`read the problems`),
    execute: async ({ path }) => {
      const found = await box.workspace.diagnostics(path ? checkedPath(path) : undefined);
      return cutLines(
        found.map((item) => `${item.path}:${item.line}: ${item.severity}: ${item.message}`),
        200,
        'problems',
      );
    },
  });
}
