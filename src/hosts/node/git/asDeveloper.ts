import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cancelled } from '../../../workflow/errors.ts';
import { BoundedOutput } from '../checks/boundedOutput.ts';
import { developersEnvironment } from '../checks/git.ts';
import { endTree } from '../checks/processTree.ts';
import { settled } from '../checks/runCommand.ts';

/** The environment variable that what Git starts is told by. */
const MARK = 'PLANWRIGHT_GIT';
/** How long it may take to end when asked to, in milliseconds: Git removes its locks then. */
const GRACE_MS = 1_000;

export interface AsDeveloperOptions {
  readonly env: Readonly<Record<string, string>>;
  /** What Git reads from its standard input. */
  readonly input: string;
  /** Ends it, with all that it has started. */
  readonly signal: AbortSignal;
  /** Resolves when it has taken too long; is told by its signal that nobody waits any more. */
  readonly limit: (signal: AbortSignal) => Promise<unknown>;
}

/** It was still at work when its time was up, and has been ended. */
export class TookTooLong extends Error {}

/** Git has answered with an error: what it said, and what its hooks said. */
export class GitRefused extends Error {
  readonly stdout: Buffer;
  readonly stderr: Buffer;

  constructor(message: string, stdout: BoundedOutput, stderr: BoundedOutput) {
    super(message);
    this.stdout = Buffer.from(stdout.text());
    this.stderr = Buffer.from(stderr.text());
  }
}

/**
 * Runs a Git command as the developer would, hooks, filters and signatures included, of which any may never end.
 * @throws GitRefused | TookTooLong
 * @throws PlanwrightError CANCELLED
 */
export async function runAsDeveloper(cwd: string, args: readonly string[], options: AsDeveloperOptions): Promise<void> {
  const { env, input, signal, limit } = options;
  if (signal.aborted) throw cancelled();
  const id = randomUUID();
  // In the terminal of the command line, if there is one: a signature may ask for a passphrase.
  const child = spawn('git', args, {
    cwd,
    env: { ...developersEnvironment(), ...env, [MARK]: id },
    stdio: 'pipe',
    windowsHide: true,
  });
  const [stdout, stderr] = [new BoundedOutput(), new BoundedOutput()];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {}); // It ended without reading all: its answer says why.
  child.stdin.end(input);
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve);
    child.once('error', reject);
  });
  // A hook may leave something running that holds the output open: no reason to wait for that too.
  const ended = exited.then(async (code) => {
    await settled(closed, child);
    return code;
  });
  const over = new AbortController();
  const stopped = Promise.withResolvers<'cancelled' | 'late'>();
  const onAbort = () => stopped.resolve('cancelled');
  signal.addEventListener('abort', onAbort, { once: true });
  limit(over.signal).then(
    () => stopped.resolve('late'),
    () => {},
  );
  try {
    const end = await Promise.race([ended, stopped.promise]);
    if (end === 0) return;
    if (typeof end !== 'string') throw new GitRefused(`git ${args[0]} ended with ${end}.`, stdout, stderr);
    if (child.pid !== undefined) await endTree({ pid: child.pid, mark: `${MARK}=${id}` }, GRACE_MS);
    await ended;
    if (end === 'cancelled') throw cancelled();
    throw new TookTooLong(`git ${args[0]} had not ended.`);
  } finally {
    over.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
