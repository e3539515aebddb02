import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { CheckRun } from '../../../workflow/checks/checks.ts';
import { missingTool } from '../../../workflow/checks/notInstalled.ts';
import { cancelled } from '../../../workflow/errors.ts';
import { say } from '../../../workflow/words/say.ts';
import { BoundedOutput, LineSplitter } from './boundedOutput.ts';
import { findProgram, type Program } from './findProgram.ts';
import { endTree, type Tree } from './processTree.ts';

/** The environment variable that a command's descendants are told by. */
const MARK = 'PLANWRIGHT_CHECK';
/** How long an output that nobody writes to any more may stay open, in milliseconds. */
const CLOSE_MS = 1_000;
/** How long processes may take to end when the run is cancelled: somebody waits for it. Milliseconds. */
const CANCEL_GRACE_MS = 300;
/** Of a long output, what is looked at for a reason. */
const LAST_WORDS = 4_000;

export interface CommandLimits {
  /** Milliseconds. */
  readonly timeoutMs: number;
  /** Bytes: who prints more is stopped. */
  readonly outputBytes: number;
  /** How long processes may take to end when asked to, before they are killed, in milliseconds. */
  readonly graceMs: number;
}

export const defaultLimits: CommandLimits = {
  timeoutMs: 10 * 60_000,
  outputBytes: 64 * 1024 * 1024,
  graceMs: 2_000,
};

export interface CommandOptions {
  /** An argument array; no shell reads it. */
  readonly command: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: CommandLimits;
  readonly signal: AbortSignal;
  /** Hears each line of either stream. */
  readonly onLine?: (line: string) => void;
}

export type CommandRun = Omit<CheckRun, 'name' | 'failures'>;

/**
 * Runs a command to its end, or to a limit, and leaves none of its processes behind.
 * @throws PlanwrightError CANCELLED when the signal aborts; the processes have ended by then
 */
export async function runCommand(options: CommandOptions): Promise<CommandRun> {
  const { command, cwd, env, signal } = options;
  if (signal.aborted) throw cancelled();
  const folder = await stat(cwd).catch(() => null);
  if (!folder?.isDirectory()) return notRun(say`The folder to run it in is not there.`);
  const program = await findProgram(command, cwd, env);
  if (typeof program === 'string') return notRun(program);
  return runProgram(program, options);
}

async function runProgram(program: Program, options: CommandOptions): Promise<CommandRun> {
  const { cwd, env, limits, signal, onLine = () => {} } = options;
  const id = randomUUID();
  const started = performance.now();
  const child = spawn(program.file, program.args, {
    cwd,
    env: { ...env, [MARK]: id },
    detached: process.platform !== 'win32', // A group of its own, so that all of it can be ended.
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    windowsVerbatimArguments: program.verbatim ?? false,
  });
  const ended = endOf(child);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.pid === undefined)
    return notRun(say`It could not be started: ${(await ended).error ?? 'no reason was given'}.`);

  const tree: Tree = { pid: child.pid, mark: `${MARK}=${id}` };
  const output = new BoundedOutput();
  let cut: { readonly outcome: 'failed' | 'timed-out'; readonly why: string } | undefined;
  let ending: Promise<void> | undefined;
  const stop = (outcome: 'failed' | 'timed-out', why: string, graceMs = limits.graceMs) => {
    cut ??= { outcome, why };
    ending ??= endTree(tree, graceMs);
  };

  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = new LineSplitter(onLine);
    stream?.on('data', (chunk: Buffer) => {
      if (cut) return; // What comes after the cut is read, so that nothing waits for it, and dropped.
      output.push(chunk);
      splitter.push(chunk);
      if (output.size > limits.outputBytes) stop('failed', tooMuch(limits));
    });
    return splitter;
  });
  const onAbort = () => stop('failed', say`The run was cancelled.`, Math.min(limits.graceMs, CANCEL_GRACE_MS));
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop('timed-out', tooLong(limits)), limits.timeoutMs);
  try {
    const end = await ended;
    clearTimeout(timer);
    await ending;
    // Also what a command that ended by itself has left running.
    await endTree(tree, limits.graceMs);
    await settled(closed, child);
    for (const splitter of splitters) splitter.end();
    if (signal.aborted) throw cancelled();
    const durationMs = Math.round(performance.now() - started);
    const text = output.text();
    if (cut) return { outcome: cut.outcome, exitCode: null, durationMs, output: text, cut: cut.why };
    return { ...judged(end, text), durationMs, output: text };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

interface End {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: string;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.once('error', (error) => resolve({ exitCode: null, signal: null, error: error.message }));
  });
}

function judged({ exitCode, signal, error }: End, output: string): Pick<CommandRun, 'outcome' | 'exitCode' | 'cut'> {
  if (exitCode === 0) return { outcome: 'passed', exitCode };
  const tool = missingTool(exitCode, output.slice(-LAST_WORDS));
  if (tool !== undefined) return { outcome: 'not-run', exitCode, cut: say`“${tool}” is not installed.` };
  const why = signal ? say`It was ended by the signal ${signal}.` : error;
  return { outcome: 'failed', exitCode, ...(why === undefined ? {} : { cut: why }) };
}

/** Waits until the output of a process that has ended is closed. One that got away may hold it: nobody waits for that. */
export async function settled(closed: Promise<void>, child: ChildProcess): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([closed, late]);
  clearTimeout(timer);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function notRun(why: string): CommandRun {
  return { outcome: 'not-run', exitCode: null, durationMs: 0, output: '', cut: why };
}

function tooLong({ timeoutMs }: CommandLimits): string {
  const seconds = timeoutMs / 1000;
  return seconds < 120
    ? say`It was stopped: it took longer than ${seconds} s.`
    : say`It was stopped: it took longer than ${Math.round(seconds / 60)} minutes.`;
}

function tooMuch({ outputBytes }: CommandLimits): string {
  const megabytes = outputBytes / 1024 / 1024;
  return megabytes < 1
    ? say`It was stopped: it printed more than ${outputBytes} bytes.`
    : say`It was stopped: it printed more than ${Math.round(megabytes)} MB.`;
}
