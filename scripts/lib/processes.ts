import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { root } from './paths.ts';

/** Runs a command to its end and shows its output only when it fails. */
export function runQuietly(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`));
    });
  });
}

export interface ShownOptions extends SpawnOptions {
  /** Milliseconds after which it is ended with all it started. */
  readonly limitMs?: number;
  /** For one that runs beside others: its output is shown in one piece once it has ended, under this heading. */
  readonly atEndAs?: string;
}

/** Runs a command to its end and shows its output; answers that and its exit code, which is 124 when it was cut. */
export function runShown(
  command: string,
  args: readonly string[],
  { limitMs, atEndAs, ...options }: ShownOptions = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: root,
      ...options,
      detached: limitMs !== undefined && process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let over = false;
    const show = (text: string) => {
      output += text;
      if (atEndAs === undefined) process.stdout.write(text);
    };
    const end = (code: number) => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      if (atEndAs !== undefined) process.stdout.write(`\n--- ${atEndAs}\n${output}`);
      resolve({ code, output });
    };
    const cut = () => {
      show(`Cut: not finished after ${Math.round((limitMs ?? 0) / 1000)} s.\n`);
      killTree(child);
      end(124);
    };
    const limit = limitMs === undefined ? undefined : setTimeout(cut, limitMs);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', show);
    child.on('error', reject);
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Ends a process started with `detached` and all it started. */
export function killTree(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/t', '/f']);
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A port of the loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
