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

/** Node leaves one processor to itself otherwise, which is half of a small machine. */
const sideBySide = `--test-concurrency=${availableParallelism()}`;

/** Each test file is a process of its own: what they all load is compiled once. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(cache, 'compiled') };

/** Each with the minutes after which it is cut, so that a run always ends with its count. */
const kinds: readonly [name: string, minutes: number, command: string, args: readonly string[]][] = [
  ['lint', 2, bin('biome'), ['ci', '.']],
  ['types', 3, bin('tsc'), []],
  ['unit', 20, node, ['--test', sideBySide, '--test-timeout=240000', 'test/unit/**/*.test.ts']],
  ['faults', 22, node, ['--test', sideBySide, '--test-timeout=1200000', 'test/faults/*.test.ts']],
  ['monitoring', 6, node, ['--test', '--test-timeout=180000', 'test/monitoring/*.test.ts']],
  ['host', 11, node, ['scripts/test-host.ts']],
  ['browser', 25, node, ['scripts/test-ui.ts']],
];

// Downloads and builds what later kinds need while the first ones run, which need nothing.
const prepared = runShown(node, ['scripts/prepare.ts'], { limitMs: 15 * 60_000 });

const counts: [string, Count][] = [];
const failures: string[] = [];
for (const [name, minutes, command, args] of kinds) {
  if (name === 'monitoring') await prepared; // Debian's packages can be fetched by one process at a time.
  console.log(`\n--- ${name}`);
  const started = Date.now();
  const { code, output } = await runShown(command, args, {
    env,
    shell: process.platform === 'win32',
    limitMs: minutes * 60_000,
  });
  failures.push(...failuresIn(output));
  counts.push([`${name} (${Math.round((Date.now() - started) / 1000)} s)`, countOf(output, code)]);
}

console.log('');
for (const failure of failures) console.log(failure);
for (const [name, { passed, failed, skipped }] of counts)
  console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
const total = (key: keyof Count) => counts.reduce((sum, [, count]) => sum + count[key], 0);
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
process.exit(total('failed') === 0 ? 0 : 1);

/** What failed, each with why: said again at the end, for what ran later buries it. */
function failuresIn(output: string): string[] {
  return output.match(/^✖ .*\n(?:(?: .*)?\n)*(?: .*\n)/gm) ?? [];
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
