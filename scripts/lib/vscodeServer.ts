import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './paths.ts';
import { killTree, runQuietly } from './processes.ts';

/** code-server carries a real VS Code in the npm registry, where desktop builds cannot always be downloaded. */
const VERSION = '4.139.1';
const home = join(cache, `code-server-${VERSION}`);
const codeServer = join(home, 'node_modules', 'code-server');
const stamp = join(home, 'complete');

/** Puts a real VS Code server into the cache folder, once. */
export async function prepareServer(): Promise<void> {
  if (existsSync(stamp)) return;
  console.log(`Preparing VS Code (code-server ${VERSION}), once…`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const vscode = join(codeServer, 'lib', 'vscode');
  const npm = (cwd: string, ...args: string[]) =>
    runQuietly('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      shell: process.platform === 'win32',
    });
  try {
    await npm(home, 'install', '--ignore-scripts', `code-server@${VERSION}`);
    await npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
    await npm(vscode, 'rebuild', 'node-pty', '@vscode/spdlog', '@parcel/watcher', '@vscode/native-watchdog');
    await npm(join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');
  } catch (error) {
    throw new Error(
      `VS Code could not be prepared. It needs the npm registry, and python3, make and a C++ compiler for four native modules.\n${error instanceof Error ? error.message : error}`,
    );
  }
  writeFileSync(stamp, '');
}

export interface RunningServer {
  readonly address: string;
  readonly process: ChildProcess;
  stop(): void;
}

export interface ServerFolders {
  readonly port: number;
  readonly data: string;
  readonly extensions: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Only for tests: ask whether a folder is trusted. */
  readonly workspaceTrust?: boolean;
}

/** The bare server, which takes a test payload in the address of its page. */
export function serveForTests({
  port,
  data,
  extensions,
  env,
  workspaceTrust = false,
}: ServerFolders): Promise<RunningServer> {
  const entry = join(codeServer, 'lib', 'vscode', 'out', 'server-main.js');
  const args = [
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--accept-server-license-terms',
  ];
  const more = [
    '--enable-smoke-test-driver',
    // A window that is reloaded on a busy machine may go without a word: its extension host would work on for hours.
    '--reconnection-grace-time',
    '5',
    ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
    '--telemetry-level',
    'off',
    '--server-data-dir',
    data,
    '--extensions-dir',
    extensions,
  ];
  return launch(entry, [...args, ...more], port, env);
}

/** code-server as people use it, for `npm start`. */
export function serveForPeople({ port, data, extensions, env }: ServerFolders, folder: string): Promise<RunningServer> {
  const args = [
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
  ];
  return launch(
    join(codeServer, 'out', 'node', 'entry.js'),
    [...args, '--user-data-dir', data, '--extensions-dir', extensions, folder],
    port,
    env,
  );
}

async function launch(
  entry: string,
  args: readonly string[],
  port: number,
  env: ServerFolders['env'] = {},
): Promise<RunningServer> {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output = (output + chunk).slice(-8000);
    });
  }
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null) break;
    const answered = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return { address, process: child, stop: () => killTree(child) };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  killTree(child);
  throw new Error(`VS Code did not answer at ${address}:\n${output}`);
}
