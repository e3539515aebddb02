import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/**
 * Drives the real VS Code in a browser as a person would: test/ui, two files at a time, for each waits more than it
 * computes. A file that fails is run once more, by itself, which is said: VS Code, a browser and agents at once can be
 * too slow on a small machine. What fails twice fails.
 *
 *   node scripts/test-ui.ts [--built] [part of a file's name]
 */

const SIDE_BY_SIDE = 2;

const { values, positionals } = parseArgs({ options: { built: { type: 'boolean' } }, allowPositionals: true });
if (!values.built) {
  const { code } = await runShown(process.execPath, ['esbuild.js']);
  if (code !== 0) process.exit(code);
}

interface Outcome {
  readonly file: string;
  readonly code: number;
  readonly output: string;
}

const [part = ''] = positionals;
const files = globSync('test/ui/*.test.ts', { cwd: root }).sort();
const waiting = files.filter((file) => file.includes(part));
const outcomes: Outcome[] = [];
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
const again = outcomes.filter(({ code }) => code !== 0);
for (const failed of again) {
  console.log(`${failed.file} failed; it is run once more.`);
  outcomes[outcomes.indexOf(failed)] = await run(failed.file);
}

const total = (count: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
const failed = total(({ code, output }) => Math.max(countOf(output, 'fail'), code === 0 ? 0 : 1));
console.log(
  `${total(({ output }) => countOf(output, 'pass'))} passed, ${failed} failed, ${total(({ output }) => countOf(output, 'skipped'))} skipped`,
);
process.exit(failed === 0 ? 0 : 1);

async function work(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) outcomes.push(await run(file));
}

/** Its output is shown once it has ended, in one piece. */
async function run(file: string): Promise<Outcome> {
  const args = ['--test', '--test-timeout=240000', file];
  const { code, output } = await runShown(process.execPath, args, { limitMs: 420_000, atEnd: true });
  return { file, code, output };
}

function countOf(output: string, word: string): number {
  return Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
}
