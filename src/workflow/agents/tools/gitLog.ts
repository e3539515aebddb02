import { z } from 'zod';
import { checkedPath } from '../../guards.ts';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

const LIMIT = 30;

export function gitLog(box: ToolBox) {
  return readTool(box, {
    name: 'git_log',
    description: `The last ${LIMIT} commits, of one file or of all, newest first.`,
    input: z.object({ path: z.string().nullish() }),
    summary: ({ path }) => (path ? say`read the history of ${path}` : say`read the history`),
    execute: async ({ path }) =>
      cutLines(await box.workspace.gitLog(path ? checkedPath(path) : undefined, LIMIT), LIMIT, 'commits'),
  });
}
