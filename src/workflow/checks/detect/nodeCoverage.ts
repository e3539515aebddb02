import type { CheckCommand } from '../checks.ts';
import { type Package, runTool } from './packages.ts';
import { REPORTS } from './tree.ts';

const report = `${REPORTS}/lcov.info`;

/**
 * The variant of a test script that measures, by the switch of the runner it calls; undefined where the runner is
 * not known, or needs a package that is not there.
 * @param command what runs the script
 */
export function scriptCoverage(one: Package, script: string, command: readonly string[]): CheckCommand['coverage'] {
  const measured = nodeTest(script) ?? byArguments(one, script, command) ?? fromOutside(one, script, command);
  return measured && { command: measured, report, format: 'lcov' };
}

/** `node … --test …` as such, without npm: its switches have to stand before the files. */
function nodeTest(script: string): string[] | undefined {
  const words = wordsOf(script);
  if (words?.[0] !== 'node' || !words.includes('--test')) return undefined;
  const rest = words.slice(1).filter((word) => !/^--(test-reporter|experimental-test-coverage)/.test(word));
  const switches = [
    '--experimental-test-coverage',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=lcov',
    `--test-reporter-destination=${report}`,
  ];
  return ['node', ...switches, ...rest];
}

/** Runners that take switches anywhere: they are handed on by the package manager. */
function byArguments({ dependencies, manager }: Package, script: string, command: readonly string[]) {
  // What a package manager hands on goes to the last command of the script.
  const last = script.split(/&&|\|\||[;|]/).at(-1) ?? '';
  const switches = switchesOf(last, dependencies);
  return switches && [...command, ...(manager === 'npm' ? ['--'] : []), ...switches];
}

function switchesOf(command: string, dependencies: ReadonlySet<string>): string[] | undefined {
  const calls = (tool: string) => new RegExp(`(^|\\s|/)${tool}(\\s|$)`).test(command);
  if (calls('vitest') && (dependencies.has('@vitest/coverage-v8') || dependencies.has('@vitest/coverage-istanbul'))) {
    return ['--coverage.enabled', '--coverage.reporter=lcovonly', `--coverage.reportsDirectory=${REPORTS}`];
  }
  if (calls('jest') || /\breact-scripts test\b/.test(command)) {
    return ['--coverage', '--coverageReporters=lcovonly', `--coverageDirectory=${REPORTS}`];
  }
  if (/^\s*bun test(\s|$)/.test(command)) {
    return ['--coverage', '--coverage-reporter=lcov', `--coverage-dir=${REPORTS}`];
  }
  return undefined;
}

/** c8 and nyc measure whatever they start. */
function fromOutside({ dependencies, manager }: Package, script: string, command: readonly string[]) {
  const tool = ['c8', 'nyc'].find((name) => dependencies.has(name));
  if (tool === undefined || /(^|\s)(c8|nyc)(\s|$)/.test(script)) return undefined;
  const folder = tool === 'c8' ? `--reports-dir=${REPORTS}` : `--report-dir=${REPORTS}`;
  return [...runTool[manager], tool, '--reporter=lcovonly', folder, ...command];
}

/** The words of a command line as a shell would part them; undefined when it does more than that with it. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  for (const [, double, single, bare = ''] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    const word = double ?? single ?? bare;
    if (/[$`]/.test(double ?? bare) || /[;&|<>()"'\\]/.test(bare)) return undefined;
    words.push(word);
  }
  return words;
}
