import { globSync } from 'node:fs';
import { root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/**
 * Drives the real VS Code in a browser as a person would: test/ui, one file after another. A file that fails is run once
 * more, which is said: VS Code, a browser and agents at once can be too slow on a small machine. What fails twice fails.
 */

const build = await runShown(process.execPath, ['esbuild.js']);
if (build.code !== 0) process.exit(build.code);
let [passed, failed, skipped] = [0, 0, 0];
for (const file of globSync('test/ui/*.test.ts', { cwd: root }).sort()) {
  let { code, output } = await run(file);
  if (code !== 0) {
    console.log(`${file} failed; it is run once more.`);
    ({ code, output } = await run(file));
  }
  passed += countOf(output, 'pass');
  skipped += countOf(output, 'skipped');
  failed += Math.max(countOf(output, 'fail'), code === 0 ? 0 : 1);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);

function run(file: string): Promise<{ code: number; output: string }> {
  return runShown(process.execPath, ['--test', '--test-timeout=240000', file], { limitMs: 420_000 });
}

function countOf(output: string, word: string): number {
  return Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
}
