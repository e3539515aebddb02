import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createApi } from '../src/hosts/http/api.ts';
import { serve } from '../src/hosts/http/server.ts';
import { storeRunService } from '../src/hosts/http/storeRunService.ts';
import { systemClock } from '../src/hosts/node/systemClock.ts';
import { RunFeed } from '../src/hosts/runFeed.ts';
import { createDemoModel } from '../src/models/demo/demoModel.ts';
import { sampleInput } from '../src/models/demo/sample.ts';
import { idempotencyKeys } from '../src/workflow/engine/idempotency.ts';
import { openHarness } from '../test/unit/workflow/harness.ts';

/**
 * One running workflow, watched over HTTP: 200 clients that ask for its status and 50 that follow its events, from
 * another thread. What they wait for an answer, how many fail, and what the run itself takes longer than unwatched:
 * the median of rounds in which each load has its turn. The processor time of the run's thread says the same on a machine
 * that has more to do.
 */

const READERS = 200;
const STREAMS = 50;
const ROUNDS = 3;
/** Four times as fast as a model writes: a run of about half a minute. */
const SPEED = 4;
const token = 'bench';

interface Load {
  readonly name: string;
  readonly readers: number;
  readonly streams: number;
  /** Between an answer and the next question of one reader, in milliseconds. */
  readonly thinkMs: number;
}

interface Target extends Load {
  readonly port: number;
  readonly runId: string;
}

interface Seen {
  /** Milliseconds an answer took, sorted. */
  readonly answers: readonly number[];
  /** Milliseconds from an event's time to its arrival, sorted. */
  readonly arrivals: readonly number[];
  /** Why answers failed: a status or an error's code, and how many did. */
  readonly failures: Readonly<Record<string, number>>;
  /** Events each stream got. */
  readonly perStream: readonly number[];
}

if (isMainThread) await compare();
else await watch(workerData as Target);

async function compare(): Promise<void> {
  const watched = (thinkMs: number, name: string): Load => ({ name, readers: READERS, streams: STREAMS, thinkMs });
  const loads: readonly [Load, ...Load[]] = [
    { name: 'nobody', readers: 0, streams: 0, thinkMs: 0 },
    watched(1000, `${READERS} readers, each once a second, ${STREAMS} streams`),
    watched(250, `${READERS} readers, each 4 times a second, ${STREAMS} streams`),
    watched(0, `${READERS} readers without a pause, ${STREAMS} streams`),
  ];
  await once({ ...loads[0] }, 0); // The code is warm for all.
  const all = loads.map((): Ran[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, load] of loads.entries()) all[index]?.push(await once(load, SPEED));
  console.log('| watched by | answers/s | p50 ms | p99 ms | events p99 ms | errors | run ms | × | processor ms |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  const middle = (runs: readonly Ran[], of: (ran: Ran) => number) =>
    runs.map(of).sort(ascending)[ROUNDS >> 1] ?? Number.NaN;
  const alone = middle(all[0] ?? [], ({ runMs }) => runMs);
  for (const [index, load] of loads.entries()) {
    const runs = all[index] ?? [];
    const answers = runs.flatMap(({ seen }) => seen.answers).sort(ascending);
    const arrivals = runs.flatMap(({ seen }) => seen.arrivals).sort(ascending);
    const runMs = middle(runs, (ran) => ran.runMs);
    const failed = runs.reduce((sum, { seen, events }) => {
      const incomplete = seen.perStream.filter((count) => count !== events).length;
      return sum + sumOf(seen.failures) + incomplete;
    }, 0);
    const asked = answers.length + failed + load.streams * ROUNDS;
    const cells = [
      load.name,
      answers.length === 0 ? '–' : Math.round(answers.length / (runs.reduce((sum, ran) => sum + ran.runMs, 0) / 1000)),
      quantile(answers, 0.5),
      quantile(answers, 0.99),
      quantile(arrivals, 0.99),
      load.streams === 0 ? '–' : `${((failed / asked) * 100).toFixed(2)} %`,
      Math.round(runMs),
      (runMs / alone).toFixed(3),
      Math.round(middle(runs, (ran) => ran.processorMs)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
    for (const { seen, events } of runs) {
      const missed = seen.perStream.filter((count) => count !== events);
      if (sumOf(seen.failures) > 0) console.log(`  failed: ${JSON.stringify(seen.failures)}`);
      if (missed.length > 0) console.log(`  streams with ${missed.join(', ')} of ${events} events`);
    }
  }
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

interface Ran {
  readonly runMs: number;
  /** What the thread of the run and the server computed in that time, in milliseconds. */
  readonly processorMs: number;
  readonly seen: Seen;
  readonly events: number;
}

/** A whole run of the sample, every gate and hunk decided at once. */
async function once(load: Load, speed: number): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-http-'));
  cpSync(fileURLToPath(new URL('../samples/slugs/', import.meta.url)), folder, { recursive: true });
  const connections: DatabaseSync[] = [];
  const harness = openHarness({
    folder,
    database: join(folder, '.bench', 'planwright.db'),
    model: (agent) => createDemoModel({ agent, speed, clock: systemClock }),
    wrapDatabase: (db) => {
      connections.push(db);
      return db;
    },
  });
  const { store, runner, book } = harness;
  const feed = new RunFeed(store);
  const service = storeRunService({
    store,
    runner,
    book,
    feed,
    keys: idempotencyKeys(connections[0] as DatabaseSync, systemClock),
    clock: systemClock,
    about: () => ({ model: 'demo', workspace: 'slugs' }),
    concurrency: () => 3,
  });
  const server = await serve(createApi({ service, token }), { port: 0 });
  store.subscribe(({ runId, event }) => {
    if (event.type !== 'gate.opened') return;
    const { id, proposalId } = event.gate;
    if (proposalId === undefined) setImmediate(() => runner.decide(runId, id, { choice: 'approve', by: 'bench' }));
    else setImmediate(() => void book.acceptAll(runId, 1, proposalId, 'bench'));
  });
  try {
    const started = performance.now();
    const computed = process.threadCpuUsage();
    const { id, done } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
    const target: Target = { ...load, port: server.port, runId: id };
    const watched = load.readers + load.streams === 0 ? null : fromAnotherThread(target);
    await done;
    const runMs = performance.now() - started;
    const { user, system } = process.threadCpuUsage(computed);
    const { status, error } = service.view(id);
    if (status !== 'completed') throw new Error(`The run ended ${status}: ${error?.message}`);
    const seen = (await watched) ?? { answers: [], arrivals: [], failures: {}, perStream: [] };
    return { runMs, processorMs: (user + system) / 1000, seen, events: store.events(id, 0).length };
  } finally {
    await server.close();
    feed.dispose();
    await harness.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fromAnotherThread(target: Target): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: target });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** The clients: they go on until the run has ended. */
async function watch({ port, runId, readers, streams, thinkMs }: Target): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: READERS + STREAMS });
  const path = `/api/workflows/${runId}`;
  const answers: number[] = [];
  const arrivals: number[] = [];
  const failures: Record<string, number> = {};
  const fail = (what: string) => {
    failures[what] = (failures[what] ?? 0) + 1;
  };
  const codeOf = ({ code, message }: NodeJS.ErrnoException) => fail(code ?? message);
  const ask = (part: string, accept: string, onText: (text: string) => void): Promise<number> =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept };
      const request = get({ host: '127.0.0.1', port, path: `${path}/${part}`, agent, headers }, (response) => {
        response.setEncoding('utf8').on('data', onText);
        response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject);
      });
      // Not asked once more: a server that closes a connection while it is being used counts as a failure.
      request.on('error', reject);
    });
  const pause = (share: number) => new Promise((resolve) => setTimeout(resolve, thinkMs * share));
  const read = async () => {
    await pause(Math.random()); // They do not all begin at the same moment.
    for (let over = false; !over; ) {
      const asked = performance.now();
      let text = '';
      const status = await ask('status', 'application/json', (part) => {
        text += part;
      }).catch((error) => {
        codeOf(error);
        return 0;
      });
      if (status === 200) answers.push(performance.now() - asked);
      else if (status !== 0) fail(`${status} ${text}`);
      over = status === 200 && ['completed', 'failed', 'cancelled'].includes(JSON.parse(text).status);
      if (thinkMs > 0) await pause(0.5 + Math.random());
    }
  };
  const follow = async () => {
    let count = 0;
    let rest = '';
    const begun = Date.now();
    await ask('events', 'text/event-stream', (part) => {
      const frames = (rest + part).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) {
        const at = /"at":(\d+)/.exec(frame)?.[1];
        if (at === undefined) continue;
        count += 1;
        // What had happened before the stream began was not waited for.
        if (Number(at) > begun) arrivals.push(Date.now() - Number(at));
      }
    }).catch(codeOf);
    return count;
  };
  const following = Array.from({ length: streams }, follow);
  await Promise.all(Array.from({ length: readers }, read));
  const perStream = await Promise.all(following);
  agent.destroy();
  const seen: Seen = { answers: answers.sort(ascending), arrivals: arrivals.sort(ascending), failures, perStream };
  parentPort?.postMessage(seen);
}

function ascending(a: number, b: number): number {
  return a - b;
}

function quantile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? '–' : value.toFixed(1);
}
