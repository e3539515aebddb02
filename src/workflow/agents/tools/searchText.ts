import { z } from 'zod';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

const LIMIT = 100;
const MAX_LINE = 240;

export function searchText(box: ToolBox) {
  return readTool(box, {
    name: 'search_text',
    description: `Finds lines that contain the text, whatever the case; answers "path:line: text", at most ${LIMIT}.`,
    input: z.object({ query: z.string().min(1), under: z.string().nullish() }),
    summary: ({ query }) => say`searched “${query}”`,
    execute: async ({ query, under }) => {
      const needle = query.toLowerCase();
      const found: string[] = [];
      const candidates = /[\r\n]/.test(query) ? null : await box.workspace.filesContaining(query);
      const overlaid = box.overlaid();
      for (const path of await box.paths()) {
        if (under && !path.startsWith(under)) continue;
        if (candidates && !candidates.has(path) && !overlaid.has(path)) continue;
        const file = await box.read(path).catch(() => null);
        if (!file?.text.toLowerCase().includes(needle)) continue;
        for (const [index, line] of file.text.split(/\r?\n/).entries()) {
          if (line.toLowerCase().includes(needle))
            found.push(`${path}:${index + 1}: ${line.trim().slice(0, MAX_LINE)}`);
        }
      }
      return cutLines(found, LIMIT, 'matches');
    },
  });
}
