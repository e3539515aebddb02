import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/lib/paths.ts';

/** Sizes of the bundles and how long they take to load, each in a fresh process beside an empty one. */

const RUNS = 7;
execFileSync(process.execPath, ['esbuild.js', '--production'], { cwd: root, stdio: 'ignore' });
const bundle = (name: string) => join(root, 'dist', `${name}.cjs`);

// Outside VS Code its module is missing: a stand-in has the few tables that the bundle reads while it loads.
const stub = `const vscode = { DiagnosticSeverity: {}, TreeItemCollapsibleState: {} };
const Module = require('node:module'); const load = Module._load;
Module._load = (id, ...rest) => id === 'vscode' ? vscode : load(id, ...rest);`;

/** Milliseconds from before to after the require, median of the runs. */
function loadTime(file: string | null): number {
  const times = Array.from({ length: RUNS }, () => {
    const body = file === null ? '' : `require(${JSON.stringify(file)});`;
    const code = `${stub} const t = performance.now(); ${body} console.log(performance.now() - t)`;
    return Number(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

const floor = loadTime(null);
for (const name of ['extension', 'workflow']) {
  const kilobytes = statSync(bundle(name)).size / 1000;
  console.log(
    `${name.padEnd(10)} ${kilobytes.toFixed(1).padStart(8)} kB   loads in ${(loadTime(bundle(name)) - floor).toFixed(1)} ms (median of ${RUNS})`,
  );
}
const panel = readFileSync(join(root, 'dist/media/panel.js')).byteLength / 1000;
console.log(`panel      ${panel.toFixed(1).padStart(8)} kB`);
