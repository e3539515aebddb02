import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { debianProgram } from '../../scripts/lib/debian.ts';
import { freePort } from '../../scripts/lib/processes.ts';

/** What one series of an answer says: its labels, and its value. */
export interface Answer {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A database that answers PromQL. */
export interface Database {
  readonly url: string;
  /** @param at seconds since the epoch; now when absent. @throws on an expression that it refuses */
  query(expression: string, at?: number): Promise<Answer[]>;
}

/** The programs of a test, or why it cannot be run here. */
export async function programs(): Promise<
  { prometheus: string; promtool: string; victoriaMetrics: string } | { missing: string }
> {
  const prometheus = await debianProgram('prometheus');
  if ('missing' in prometheus) return prometheus;
  const promtool = await debianProgram('prometheus', 'promtool');
  if ('missing' in promtool) return promtool;
  const victoriaMetrics = await debianProgram('victoria-metrics');
  if ('missing' in victoriaMetrics) return victoriaMetrics;
  return { prometheus: prometheus.path, promtool: promtool.path, victoriaMetrics: victoriaMetrics.path };
}

export function folderOf(t: TestContext, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `planwright-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** @param config lines of its configuration; nothing is scraped without */
export async function startPrometheus(
  t: TestContext,
  program: string,
  { data, config = '' }: { data: string; config?: string },
): Promise<Database> {
  const port = await freePort();
  const file = join(folderOf(t, 'prometheus'), 'prometheus.yml');
  writeFileSync(file, config);
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${data}`, `--web.listen-address=127.0.0.1:${port}`];
  return started(t, program, [...args, '--storage.tsdb.retention.time=20y', '--log.level=warn'], {
    url: `http://127.0.0.1:${port}`,
    ready: '/-/ready',
  });
}

/** @param more arguments of its own */
export async function startVictoriaMetrics(
  t: TestContext,
  program: string,
  more: readonly string[] = [],
): Promise<Database> {
  const port = await freePort();
  const args = [
    `-storageDataPath=${folderOf(t, 'victoria')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=20y',
    // As soon as something is written it counts.
    '-search.latencyOffset=0s',
    '-search.disableCache',
    '-loggerLevel=ERROR',
    ...more,
  ];
  return started(t, program, args, { url: `http://127.0.0.1:${port}`, ready: '/health' });
}

async function started(
  t: TestContext,
  program: string,
  args: readonly string[],
  { url, ready }: { url: string; ready: string },
): Promise<Database> {
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => ended(child));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-4000);
    });
  }
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${said}`);
    return fetch(`${url}${ready}`).then(
      ({ ok }) => ok,
      () => false,
    );
  });
  return { url, query: (expression, at) => query(url, expression, at) };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function query(url: string, expression: string, at: number | undefined): Promise<Answer[]> {
  const body = new URLSearchParams({ query: expression, ...(at === undefined ? {} : { time: String(at) }) });
  const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const { data, error } = (await answer.json()) as {
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    error?: string;
  };
  if (!data) throw new Error(`${expression}: ${error}`);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** Waits until it holds, for a minute at most. @throws what it throws */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 60_000; !(await holds()); ) {
    if (Date.now() > until) throw new Error('It did not come to hold within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
