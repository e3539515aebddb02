import { z } from 'zod';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

const PAGE = 400;

export function readFile(box: ToolBox) {
  return readTool(box, {
    name: 'read_file',
    description: `Reads a file with line numbers, ${PAGE} lines a call; startLine and endLine (from 1) choose others.`,
    input: z.object({
      path: z.string(),
      startLine: z.number().int().min(1).nullish(),
      endLine: z.number().int().min(1).nullish(),
    }),
    summary: ({ path }) => say`read ${path}`,
    execute: async (input) => {
      const path = checkedPath(input.path);
      const file = await box.read(path);
      if (!file) return `There is no file ${path}.`;
      const lines = file.text.split(/\r?\n/);
      const start = Math.min(input.startLine ?? 1, lines.length);
      const numbered = lines
        .slice(start - 1, input.endLine ?? undefined)
        .map((line, index) => `${start + index}\t${line}`);
      return cutLines(numbered, PAGE, 'lines');
    },
  });
}
