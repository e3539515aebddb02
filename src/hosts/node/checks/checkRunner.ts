import { mkdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CheckCommand, CheckRun, Checks, FileStates, MeasuredRun } from '../../../workflow/checks/checks.ts';
import { type Coverage, noCoverage, readCoverage } from '../../../workflow/checks/coverage.ts';
import { detectChecks } from '../../../workflow/checks/detect.ts';
import { FailureCollector } from '../../../workflow/checks/failures/collector.ts';
import { ranNoTests } from '../../../workflow/checks/noTests.ts';
import { cancelled } from '../../../workflow/errors.ts';
import { say } from '../../../workflow/words/say.ts';
import { walk } from '../walk.ts';
import type { CopyLimits } from './copyTree.ts';
import { checkEnvironment } from './environment.ts';
import { removeLeftovers } from './leftovers.ts';
import { type CommandLimits, defaultLimits, runCommand } from './runCommand.ts';
import { makeScratch, readScratch, type Scratch } from './scratch.ts';
import { toolPaths } from './toolPaths.ts';
import { Turns } from './turns.ts';
import { workspaceState } from './workspaceState.ts';

/** Manifests are smaller. */
const MAX_MANIFEST = 1024 * 1024;
const MAX_REPORT = 64 * 1024 * 1024;
const nothingChanged: FileStates = new Map();

export interface NodeChecksOptions {
  /** The workspace's folder. */
  readonly workspace: string;
  /** Where scratch copies are made: outside the workspace, the same folder each time, so that leftovers are found. */
  readonly temp: string;
  readonly limits?: Partial<CommandLimits>;
  readonly copyLimits?: CopyLimits;
  /** What checks get of it is filtered. */
  readonly env?: NodeJS.ProcessEnv;
  /** Scratch copies that are worked in at the same time; half the processors by default. */
  readonly atOnce?: number;
}

/** Runs a workspace's checks in scratch copies of it. */
export class NodeChecks implements Checks {
  readonly #workspace: string;
  readonly #temp: string;
  readonly #limits: CommandLimits;
  readonly #copyLimits: CopyLimits | undefined;
  readonly #env: NodeJS.ProcessEnv;
  readonly #turns: Turns;
  #swept: Promise<void> | undefined;
  /** What the checks said of the workspace as it was in one state, by command. */
  #baseline: { readonly state: string; readonly runs: Map<string, CheckRun> } = { state: '', runs: new Map() };

  constructor({ workspace, temp, limits = {}, copyLimits, env = process.env, atOnce }: NodeChecksOptions) {
    this.#workspace = resolve(workspace);
    this.#temp = resolve(temp);
    this.#limits = { ...defaultLimits, ...limits };
    this.#copyLimits = copyLimits;
    this.#env = env;
    this.#turns = new Turns(atOnce ?? Math.max(1, Math.floor(availableParallelism() / 2)));
  }

  async detect(): Promise<CheckCommand[]> {
    const read = async (path: string): Promise<string | null> => {
      const file = join(this.#workspace, path);
      const info = await stat(file).catch(() => null);
      return info?.isFile() && info.size <= MAX_MANIFEST ? readFile(file, 'utf8') : null;
    };
    return detectChecks({ paths: (await walk(this.#workspace, [])).sort(), read });
  }

  async run(commands: readonly CheckCommand[], files: FileStates, signal: AbortSignal): Promise<CheckRun[]> {
    if (commands.length === 0) return [];
    return this.#inScratch(files, signal, (scratch) =>
      inOrder(commands, (check) => this.#check(scratch, check, check.command, signal)),
    );
  }

  async baseline(commands: readonly CheckCommand[], signal: AbortSignal): Promise<CheckRun[]> {
    if (commands.length === 0) return [];
    const state = await workspaceState(this.#workspace);
    if (this.#baseline.state !== state) this.#baseline = { state, runs: new Map() };
    const { runs } = this.#baseline;
    const missing = commands.filter((check) => !runs.has(keyOf(check)));
    const fresh = new Map((await this.run(missing, nothingChanged, signal)).map((run) => [run.name, run]));
    const said = commands.map((check) => runs.get(keyOf(check)) ?? fresh.get(check.name)!);
    for (const check of missing) {
      const run = fresh.get(check.name);
      // A tool that is missing may be installed the next time.
      if (run && run.outcome !== 'not-run') runs.set(keyOf(check), run);
    }
    return said;
  }

  async measure(commands: readonly CheckCommand[], files: FileStates, signal: AbortSignal): Promise<MeasuredRun[]> {
    if (commands.length === 0) return [];
    return this.#inScratch(files, signal, (scratch) =>
      inOrder(commands, async (check) => {
        if (!check.coverage) return { run: await this.#check(scratch, check, check.command, signal), coverage: null };
        const report = join(check.cwd, check.coverage.report);
        await mkdir(dirname(join(scratch.root, report)), { recursive: true });
        const run = await this.#check(scratch, check, check.coverage.command, signal);
        if (run.outcome !== 'not-run') return { run, coverage: await coverageOf(scratch, check) };
        // What measures is missing; the tests themselves may be there.
        const plain = await this.#check(scratch, check, check.command, signal);
        return { run: plain, coverage: noCoverage(run.cut ?? say`The command that measures could not be run.`) };
      }),
    );
  }

  /** Does `work` in a scratch copy with `files` in place, which is removed then. `root` stands for the workspace. */
  inCopy<T>(files: FileStates, signal: AbortSignal, work: (root: string) => Promise<T>): Promise<T> {
    return this.#inScratch(files, signal, ({ root }) => work(root));
  }

  /** Tasks that check at the same time share the machine, with the developer too. */
  #inScratch<T>(files: FileStates, signal: AbortSignal, work: (scratch: Scratch) => Promise<T>): Promise<T> {
    return this.#turns.use(signal, () => this.#inScratchNow(files, signal, work));
  }

  async #inScratchNow<T>(files: FileStates, signal: AbortSignal, work: (scratch: Scratch) => Promise<T>): Promise<T> {
    if (signal.aborted) throw cancelled();
    this.#swept ??= removeLeftovers(this.#temp).catch(() => {});
    await this.#swept;
    const scratch = await makeScratch({
      workspace: this.#workspace,
      temp: this.#temp,
      files,
      signal,
      ...(this.#copyLimits ? { limits: this.#copyLimits } : {}),
    });
    try {
      return await work(scratch);
    } finally {
      await scratch.dispose();
    }
  }

  async #check(
    { root }: Scratch,
    { name, kind, cwd }: CheckCommand,
    command: readonly string[],
    signal: AbortSignal,
  ): Promise<CheckRun> {
    // Two runs are in two folders, and say the same of the same.
    const relative = (text: string) =>
      text.replaceAll(`file://${root}/`, '').replaceAll(`${root}/`, '').replaceAll(root, '.');
    const failures = new FailureCollector();
    const run = await runCommand({
      command,
      cwd: join(root, cwd),
      env: checkEnvironment(this.#env, await toolPaths(root, cwd)),
      limits: this.#limits,
      signal,
      ...(kind === 'test' ? { onLine: (line: string) => failures.push(relative(line)) } : {}),
    });
    const output = relative(run.output);
    if (kind === 'test' && run.outcome === 'passed' && ranNoTests(output)) {
      const cut = `It ended well, but ran no tests: run “${command.join(' ')}” yourself to see why.`;
      return { name, ...run, output, outcome: 'not-run', cut };
    }
    const names = run.outcome === 'failed' && run.exitCode !== null ? failures.names() : undefined;
    return { name, ...run, output, ...(names ? { failures: names } : {}) };
  }
}

async function coverageOf(scratch: Scratch, { cwd, coverage }: CheckCommand): Promise<Coverage> {
  if (!coverage) return noCoverage(say`The check does not measure.`);
  const text = await readScratch(scratch, join(cwd, coverage.report), MAX_REPORT);
  if (text === null) return noCoverage(say`The command has left no report at ${coverage.report}.`);
  return readCoverage(text, coverage.format, { root: scratch.root, cwd, prefix: coverage.prefix });
}

function keyOf({ command, cwd, name, kind }: CheckCommand): string {
  return JSON.stringify([name, kind, cwd, command]);
}

/** One after the other: they share a folder, and the machine is the developer's. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
