import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Durability, floor, run as ours, resume, sizeOf } from './ours.ts';

/**
 * What a durable step costs: ours beside one committed row of SQLite, Mastra with its LibSQL store and LangGraph
 * with its SQLite saver, all in one run, results of 2 kB. Prints Markdown.
 */

const here = import.meta.dirname;
const payload = 'x'.repeat(2000);
const repetitions = 5;

type Peer = (steps: number, payload: string, folder: string) => Promise<number>;

if (!existsSync(join(here, 'node_modules'))) {
  console.error('Installing the peers, once…');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' });
  // LangGraph's store is a native module; where it can be built it is.
  execFileSync('npm', ['rebuild', 'better-sqlite3'], { cwd: here, stdio: 'ignore' });
}

const contestants: readonly [name: string, most: number, run: Peer][] = [
  ['one committed row, NORMAL (floor)', 10_000, async (...args) => floor(...args, 'process')],
  ['Planwright, survives the process', 10_000, (...args) => ours(...args, 'process')],
  ['one committed row, FULL (floor)', 10_000, async (...args) => floor(...args, 'disk')],
  ['Planwright, survives the machine', 10_000, (...args) => ours(...args, 'disk')],
  ['Mastra + LibSQL', 200, peer('mastra')],
  ['LangGraph + SQLite saver', 1000, peer('langgraph')],
];

const sizes = [20, 100, 1000, 10_000];
const rows: string[][] = [];
for (const [name, most, run] of contestants) {
  const cells: string[] = [];
  for (const steps of sizes) {
    if (steps > most) {
      cells.push('–');
      continue;
    }
    try {
      cells.push(`${(await median(run, steps)).toFixed(3)}`);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : error}`);
      cells.push('failed');
    }
  }
  rows.push([name, ...cells]);
}

console.log(
  `Node ${process.versions.node}, SQLite ${sqliteVersion()}, ${cpus().length} cores. Milliseconds a step, medians of ${repetitions}.\n`,
);
table(['steps', ...sizes.map(String)], rows);

const ratio = (name: string, to: string, steps: number) => {
  const at = sizes.indexOf(steps) + 1;
  return Number(rows.find(([other]) => other === name)?.[at]) / Number(rows.find(([other]) => other === to)?.[at]);
};
console.log('');
table(
  ['ratio', ...sizes.map(String)],
  [
    [
      'to the floor, survives the process',
      ...sizes.map((steps) =>
        ratio('Planwright, survives the process', 'one committed row, NORMAL (floor)', steps).toFixed(2),
      ),
    ],
    [
      'to the floor, survives the machine',
      ...sizes.map((steps) =>
        ratio('Planwright, survives the machine', 'one committed row, FULL (floor)', steps).toFixed(2),
      ),
    ],
    ...['Mastra + LibSQL', 'LangGraph + SQLite saver'].flatMap((name) =>
      ['process', 'machine'].map((what) => [
        `${name} to Planwright (${what})`,
        ...sizes.map((steps) => shown(ratio(name, `Planwright, survives the ${what}`, steps))),
      ]),
    ),
  ],
);

const long = mkdtempSync(join(tmpdir(), 'planwright-bench-'));
await ours(10_000, payload, long, 'process' satisfies Durability);
const resumes: number[] = [];
for (let n = 0; n < repetitions; n++) resumes.push(await resume(10_000, long));
const bytes = sizeOf(long);
rmSync(long, { recursive: true });
console.log(
  `\nA run of 10,000 steps resumes in ${middle(resumes).toFixed(0)} ms (opening and checking the database included) and takes ${(bytes / 1e6).toFixed(1)} MB, ${(bytes / (10_000 * payload.length)).toFixed(2)} times its results.`,
);

function shown(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(1);
}

/** Milliseconds a step. The first repetition warms up and is not counted. */
async function median(run: Peer, steps: number): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n <= repetitions; n++) {
    const folder = mkdtempSync(join(tmpdir(), 'planwright-bench-'));
    const took = await run(steps, payload, folder);
    if (n > 0) times.push(took / steps);
    rmSync(folder, { recursive: true, force: true });
  }
  return middle(times);
}

function middle(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * A peer in a process of its own, under the first Node on the PATH that can load it: a native module is built for
 * one version only.
 */
function peer(name: string): Peer {
  return async (steps, text, folder) => {
    const failures: string[] = [];
    for (const node of [process.execPath, ...nodesOnPath()]) {
      try {
        const code = `import { run } from ${JSON.stringify(pathToFileURL(join(here, `${name}.mjs`)).href)};
          console.log('TOOK ' + await run(${steps}, 'x'.repeat(${text.length}), ${JSON.stringify(folder)})); process.exit();`;
        const output = execFileSync(node, ['--input-type=module', '-e', code], {
          cwd: here,
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        return Number(/TOOK (.*)/.exec(output)?.[1]);
      } catch (error) {
        failures.push(/^\w*Error: .*$/m.exec(String((error as { stderr?: string }).stderr))?.[0] ?? String(error));
      }
    }
    throw new Error(failures.join(' | '));
  };
}

function nodesOnPath(): string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path));
}

function table(head: readonly string[], body: readonly (readonly string[])[]): void {
  console.log(`| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const row of body) console.log(`| ${row.join(' | ')} |`);
}

function sqliteVersion(): string {
  return (new DatabaseSync(':memory:').prepare('SELECT sqlite_version() AS v').get() as { v: string }).v;
}
