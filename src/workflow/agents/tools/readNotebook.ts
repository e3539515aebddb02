import { z } from 'zod';
import { cellsOf } from '../../edits/notebook.ts';
import { PlanwrightError } from '../../errors.ts';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { readTool, type ToolBox } from './toolBox.ts';

/** Lines of source a call. */
const PAGE = 400;

export function readNotebook(box: ToolBox) {
  return readTool(box, {
    name: 'read_notebook',
    description: `Reads the cells of a Jupyter notebook (.ipynb), numbered, without their outputs, about ${PAGE} lines a call; startCell (from 1) goes on.`,
    input: z.object({ path: z.string(), startCell: z.number().int().min(1).nullish() }),
    summary: ({ path }) => say`read ${path}`,
    execute: async (input) => {
      const path = checkedPath(input.path);
      const file = await box.read(path);
      if (!file) throw new PlanwrightError('NOT_FOUND', `There is no file ${path}.`);
      const cells = cellsOf(file.text);
      if (cells.length === 0) return `${path} has no cells.`;
      const parts: string[] = [];
      let lines = 0;
      for (const cell of cells.slice((input.startCell ?? 1) - 1)) {
        if (lines >= PAGE) {
          parts.push(`… ${cells.length - cell.number + 1} more cells, from startCell ${cell.number}`);
          break;
        }
        const source = cell.source.split('\n');
        const shown = source.slice(0, PAGE);
        const rest = source.length - shown.length;
        const outputs = cell.outputs > 0 ? `, ${cell.outputs} ${cell.outputs === 1 ? 'output' : 'outputs'}` : '';
        parts.push([`--- cell ${cell.number} (${cell.type}${outputs})`, ...shown].join('\n'));
        if (rest > 0) parts.push(`… ${rest} more lines in cell ${cell.number}; read them with read_file`);
        lines += shown.length;
      }
      return parts.length > 0 ? parts.join('\n') : `${path} has only ${cells.length} cells.`;
    },
  });
}
