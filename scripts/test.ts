import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cache, root } from './lib/paths.ts';
import { runShown } from './lib/processes.ts';

/** Everything: lint, types, unit, faults, real Prometheus, inside VS Code, in the browser. The last line is the count. */

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

/** Each test file is a process of its own: what they all load is compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(cache, 'compiled') };

interface Kind {
  readonly name: string;
  /** Minutes after which it is cut, so that a run always ends with its count. */
  readonly limit: number;
  readonly command: string;
  readonly args: readonly string[];
  /** Waited for before it begins. */
  readonly after?: Promise<unknown>;
  /** When it fails, what comes later is not run. */
  readonly needed?: boolean;
}

// Downloads what later kinds need while the first ones run, which need nothing.
const prepared = runShown(node, ['scripts/prepare.ts'], { limitMs: 15 * 60_000 });

/** One after another; those that stand together run side by side, for one of them leaves much of the machine idle. */
const kinds: readonly (readonly Kind[])[] = [
  [{ name: 'lint', limit: 2, command: bin('biome'), args: ['ci', '.'] }],
  [{ name: 'types', limit: 3, command: bin('tsc'), args: [] }],
  [{ name: 'unit', limit: 20, command: node, args: tests('unit/**', 240_000) }],
  [
    { name: 'faults', limit: 22, command: node, args: tests('faults', 1_200_000) },
    // Debian's packages can be fetched by one process at a time.
    { name: 'monitoring', limit: 6, command: node, args: tests('monitoring', 180_000, 1), after: prepared },
  ],
  // After the unit tests, which build the command line by itself.
  [{ name: 'build', limit: 2, command: node, args: ['esbuild.js', '--tests'], needed: true }],
  [
    { name: 'browser', limit: 28, command: node, args: ['scripts/test-ui.ts', '--built'] },
    { name: 'host', limit: 17, command: node, args: ['scripts/test-host.ts', '--built'] },
  ],
];

const counts: [string, Count][] = [];
const failures: string[] = [];
let stopped = '';
for (const together of kinds) await Promise.all(together.map((kind, index) => run(kind, index > 0)));

console.log('');
for (const failure of failures) console.log(failure);
for (const [name, { passed, failed, skipped }] of counts)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
const total = (key: keyof Count) => counts.reduce((sum, [, count]) => sum + count[key], 0);
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
process.exit(total('failed') === 0 ? 0 : 1);

/** Node leaves one processor to itself otherwise, which is half of a small machine. */
function tests(folder: string, limitMs: number, sideBySide = availableParallelism()): readonly string[] {
  return ['--test', `--test-concurrency=${sideBySide}`, `--test-timeout=${limitMs}`, `test/${folder}/*.test.ts`];
}

/** Runs it and keeps its count, and what failed. */
async function run({ name, limit, command, args, after, needed }: Kind, besideAnother: boolean): Promise<void> {
  await after;
  if (stopped !== '') {
    failures.push(`✖ ${name}: not run, for ${stopped} failed\n`);
    counts.push([`${name} (not run)`, { passed: 0, failed: 1, skipped: 0 }]);
    return;
  }
  if (!besideAnother) console.log(`\n--- ${name}`);
  const started = Date.now();
  const shown = besideAnother ? { atEndAs: name } : {};
  const options = { env, shell: process.platform === 'win32', limitMs: limit * 60_000, ...shown };
  const { code, output } = await runShown(command, args, options);
  if (code !== 0) failures.push(...failuresIn(name, code, output));
  if (code !== 0 && needed) stopped = name;
  counts.push([`${name} (${Math.round((Date.now() - started) / 1000)} s)`, countOf(output, code)]);
}

/** What failed, each with why: said again at the end, for what ran later buries it. */
function failuresIn(name: string, code: number, output: string): readonly string[] {
  const [lastRun = ''] = output.split(/^Failed and run once more: .*$/m).slice(-1);
  const found = lastRun.match(/^✖ .*\n(?:(?: .*)?\n)*(?: .*\n)/gm) ?? [];
  const end = output.trimEnd().split('\n').slice(-20).join('\n  ');
  return found.length > 0 ? [`--- ${name}\n`, ...found] : [`✖ ${name} ended with ${code}\n  ${end}\n`];
}

/** The runner's own counts; a kind without tests counts as one, and a kind that failed has at least one failure. */
function countOf(output: string, code: number): Count {
  const own = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(output);
  const of = (word: string) => Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const [passed, failed, skipped] = own ? own.slice(1).map(Number) : [of('pass'), of('fail'), of('skipped')];
  const some = (passed ?? 0) + (failed ?? 0) > 0;
  if (!some) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  return { passed: passed ?? 0, failed: Math.max(failed ?? 0, code === 0 ? 0 : 1), skipped: skipped ?? 0 };
}
