import { globSync } from 'node:fs';
import { root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/** Drives the real VS Code in a browser as a person would: test/ui, one file after another. */

const build = await runShown(process.execPath, ['esbuild.js']);
if (build.code !== 0) process.exit(build.code);
const files = globSync('test/ui/*.test.ts', { cwd: root }).sort();
const { code } = await runShown(process.execPath, [
  '--test',
  '--test-concurrency=1',
  '--test-timeout=240000',
  ...files,
]);
process.exit(code);
