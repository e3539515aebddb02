import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/**
 * Drives the real VS Code in a browser as a person would: test/ui, two files at a time, for one alone leaves
 * much of a small machine idle. Files that fail are run once more, one after another, which is said: VS Code, a browser and agents at once
 * can be too slow on a small machine. What fails twice fails.
 *
 *   node scripts/test-ui.ts [--built] [part of a file's name]
 */

const SIDE_BY_SIDE = 2;

interface Outcome {
  readonly file: string;
  readonly code: number;
  readonly output: string;
}

const { values, positionals } = parseArgs({ options: { built: { type: 'boolean' } }, allowPositionals: true });
const [part = ''] = positionals;
const files = globSync('test/ui/*.test.ts', { cwd: root })
  .filter((file) => basename(file).includes(part))
  .sort();
if (files.length === 0) {
  console.error(`No file of test/ui has “${part}” in its name.`);
  process.exit(1);
}
if (!values.built) {
  const { code } = await runShown(process.execPath, ['esbuild.js']);
  if (code !== 0) process.exit(code);
}

const waiting = [...files];
const outcomes: Outcome[] = [];
await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
const failed = outcomes.filter(({ code }) => code !== 0);
// What failed for good comes after this line: scripts/test.ts looks for it.
if (failed.length > 0) console.log(`Failed and run once more: ${failed.map(({ file }) => file).join(', ')}`);
for (const one of failed) outcomes[outcomes.indexOf(one)] = await run(one.file);

const total = (count: (outcome: Outcome) => number) => outcomes.reduce((sum, outcome) => sum + count(outcome), 0);
const passes = total(({ output }) => countOf(output, 'pass'));
const failures = total(({ output, code }) => Math.max(countOf(output, 'fail'), code === 0 ? 0 : 1));
const skips = total(({ output }) => countOf(output, 'skipped'));
console.log(`${passes} passed, ${failures} failed, ${skips} skipped`);
process.exit(failures === 0 ? 0 : 1);

async function work(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
    outcomes.push(await run(file, files.length > 1));
}

async function run(file: string, besideOthers = false): Promise<Outcome> {
  const args = ['--test', '--test-timeout=240000', file];
  const options = { limitMs: 420_000, ...(besideOthers ? { atEndAs: file } : {}) };
  return { file, ...(await runShown(process.execPath, args, options)) };
}

function countOf(output: string, word: string): number {
  return Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
}
