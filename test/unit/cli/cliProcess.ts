import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../../src/hosts/cli/outcome.ts';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import type { Gate, RunEvent, StoredEvent } from '../../../src/workflow/engine/events.ts';
import { Store } from '../../../src/workflow/engine/store.ts';
import { copySample } from '../demo/sampleCopy.ts';

export const mainFile = fileURLToPath(new URL('../../../src/hosts/cli/main.ts', import.meta.url));
export const requestFile = fileURLToPath(new URL('../../../samples/slugs/.planwright/request.json', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the sample and a data folder of its own, and the command line in it. */
export interface Place {
  readonly folder: string;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs to its end with nothing on standard input. */
  cli(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  /** As `cli`, to be stopped while it runs. */
  start(
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
  ): { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<Ended> };
  /** All events of the newest run, as the database has them. */
  events(): StoredEvent[];
}

export const sampleRun = ['run', '--input', requestFile, '--model', 'demo', '--checks', 'none'] as const;

export async function openPlace(t: TestContext): Promise<Place> {
  const folder = await copySample(t);
  const data = await mkdtemp(join(tmpdir(), 'planwright-data-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  // Nothing of whoever runs the tests: no keys, no editor, no colours, no test runner to report to.
  const { PATH, SystemRoot } = process.env;
  const env = {
    PATH,
    SystemRoot,
    HOME: data,
    PLANWRIGHT_DATA_DIR: data,
    NO_COLOR: '1',
    // The same sources are loaded some dozens of times.
    NODE_COMPILE_CACHE: join(tmpdir(), 'planwright-test-compile-cache'),
  };

  const start: Place['start'] = (args, more = {}) => {
    const child = spawn(process.execPath, [mainFile, ...args], { cwd: folder, env: { ...env, ...more } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
    t.after(() => child.kill('SIGKILL'));
    return { child, ended };
  };

  return {
    folder,
    data,
    env,
    start,
    cli(args, more) {
      const { child, ended } = start(args, more);
      child.stdin.end();
      return ended;
    },
    events() {
      const { db } = openDatabase(databasePath(data, folder));
      try {
        const store = new Store(db, systemClock);
        return store.events(store.listRuns()[0]?.id ?? '', 0);
      } finally {
        db.close();
      }
    },
  };
}

/** Resolves once the process has written what matches; fails when it ends first. */
export function written(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const look = (chunk: unknown) => {
      text += chunk;
      if (!pattern.test(text)) return;
      stream.off('data', look);
      resolve(text);
    };
    stream.on('data', look);
    stream.on('end', () => reject(new Error(`It ended without ${pattern}:\n${text}`)));
  });
}

/** The result as a program reads it, without knowing the kinds of what a run waits for. */
type ReadResult = Omit<Result, 'waitsFor'> & {
  readonly waitsFor: readonly { readonly path?: string; readonly reason?: string; readonly gate?: Gate }[];
};

/** Standard output of `--json`: the events, and the result in the last line. */
export function jsonLines(stdout: string): { events: StoredEvent[]; result: ReadResult } {
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { events: lines.slice(0, -1), result: lines.at(-1) };
}

export function ofType<T extends RunEvent['type']>(
  events: readonly StoredEvent[],
  type: T,
): Extract<RunEvent, { type: T }>[] {
  return events.flatMap(({ event }) => (event.type === type ? [event as Extract<RunEvent, { type: T }>] : []));
}
