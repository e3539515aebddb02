import { runQuietly } from '../scripts/lib/processes.ts';
import { measureAlone } from './panel/alone.ts';
import { measureInVscode } from './panel/inVscode.ts';
import { measureLog } from './panel/log.ts';

/**
 * The panel on a run of 1,000 tasks and 5,000 hunks beside one of 10 and 50: the small one is the floor, for VS Code and
 * the page take their time whatever the run. In plain Node, in the page alone, and in a real VS Code; frames are those of
 * Chromium's own trace, without a GPU.
 *
 *   node bench/panel.ts [log] [alone] [vscode]
 */

const parts = { log: measureLog, alone: measureAlone, vscode: measureInVscode };
const asked = process.argv.slice(2);
await runQuietly(process.execPath, ['esbuild.js', '--production']);
for (const [name, measure] of Object.entries(parts))
  if (asked.length === 0 || asked.includes(name)) console.log(`${await measure()}\n`);
