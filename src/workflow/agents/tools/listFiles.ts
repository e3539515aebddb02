import { z } from 'zod';
import { say } from '../../words/say.ts';
import { cutLines, readTool, type ToolBox } from './toolBox.ts';

const LIMIT = 500;

export function listFiles(box: ToolBox) {
  return readTool(box, {
    name: 'list_files',
    description: `Lists the workspace's files, at most ${LIMIT}; "under" narrows it to a folder.`,
    input: z.object({ under: z.string().nullish() }),
    summary: ({ under }) => (under ? say`listed ${under}` : say`listed the files`),
    execute: async ({ under }) => {
      const folder = under ? `${under.replace(/^\.\/|\/+$/g, '')}/` : '';
      const paths = (await box.paths()).filter((path) => folder === './' || folder === '/' || path.startsWith(folder));
      return cutLines(paths, LIMIT, 'files');
    },
  });
}
