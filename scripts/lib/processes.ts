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

/**
 * Runs a command to its end with its output shown as it comes, or in one piece at its end, for one that runs beside
 * others; answers its exit code and what it printed. One that is still running after `limitMs` is ended with all it started, and answers code 124.
 */
export function runShown(
  command: string,
  args: readonly string[],
  { limitMs, atEnd = false, ...options }: SpawnOptions & { readonly limitMs?: number; readonly atEnd?: boolean } = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: root,
      ...options,
      detached: limitMs !== undefined && process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let cut = false;
    const end = (code: number) => {
      if (atEnd) process.stdout.write(output);
      resolve({ code, output });
    };
    const limit =
      limitMs === undefined
        ? undefined
        : setTimeout(() => {
            cut = true;
            console.log(`Cut: not finished after ${Math.round(limitMs / 1000)} s.`);
            killTree(child);
            end(124);
          }, limitMs);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
        if (!atEnd) process.stdout.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      if (!cut) end(code ?? 1);
    });
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
