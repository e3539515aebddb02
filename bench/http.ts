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
 * another thread. What they wait for an answer, how many fail, and what the run itself takes longer than unwatched.
 */

const READERS = 200;
const STREAMS = 50;
/** The demo's pace: a run of some seconds. */
const SPEED = 40;
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
  readonly errors: number;
  /** Events each stream got. */
  readonly perStream: readonly number[];
}

if (isMainThread) await compare();
else await watch(workerData as Target);

async function compare(): Promise<void> {
  const loads: Load[] = [
    { name: 'nobody', readers: 0, streams: 0, thinkMs: 0 },
    { name: `${STREAMS} streams`, readers: 0, streams: STREAMS, thinkMs: 0 },
    {
      name: `${READERS} readers, 4 a second each, ${STREAMS} streams`,
      readers: READERS,
      streams: STREAMS,
      thinkMs: 250,
    },
    { name: `${READERS} readers without a pause, ${STREAMS} streams`, readers: READERS, streams: STREAMS, thinkMs: 0 },
  ];
  await once(loads[0] as Load); // The code is warm for all.
  let alone = 0;
  console.log('| watched by | answers/s | p50 ms | p99 ms | events p99 ms | errors | run ms | × |');
  console.log('|---|---|---|---|---|---|---|---|');
  for (const load of loads) {
    const { runMs, seen, events } = await once(load);
    if (load.readers + load.streams === 0) alone = runMs;
    const incomplete = seen.perStream.filter((count) => count !== events).length;
    const all = seen.answers.length + seen.errors + load.streams;
    const errors = all === 0 ? '–' : `${(((seen.errors + incomplete) / all) * 100).toFixed(2)} %`;
    const cells = [
      load.name,
      seen.answers.length === 0 ? '–' : Math.round(seen.answers.length / (runMs / 1000)),
      quantile(seen.answers, 0.5),
      quantile(seen.answers, 0.99),
      quantile(seen.arrivals, 0.99),
      errors,
      Math.round(runMs),
      (runMs / alone).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

/** A whole run of the sample, every gate and hunk decided at once. */
async function once(load: Load): Promise<{ runMs: number; seen: Seen; events: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-http-'));
  cpSync(fileURLToPath(new URL('../samples/slugs/', import.meta.url)), folder, { recursive: true });
  const connections: DatabaseSync[] = [];
  const harness = openHarness({
    folder,
    database: join(folder, '.bench', 'planwright.db'),
    model: (agent) => createDemoModel({ agent, speed: SPEED, clock: systemClock }),
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
    const { id, done } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
    const target: Target = { ...load, port: server.port, runId: id };
    const watched = load.readers + load.streams === 0 ? null : fromAnotherThread(target);
    await done;
    const runMs = performance.now() - started;
    const { status, error } = service.view(id);
    if (status !== 'completed') throw new Error(`The run ended ${status}: ${error?.message}`);
    const seen = (await watched) ?? { answers: [], arrivals: [], errors: 0, perStream: [] };
    return { runMs, seen, events: store.events(id, 0).length };
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
  let errors = 0;
  const ask = (part: string, accept: string, onText: (text: string) => void) =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, accept };
      const request = get({ host: '127.0.0.1', port, path: `${path}/${part}`, agent, headers }, (response) => {
        response.setEncoding('utf8').on('data', onText);
        response.on('end', () => resolve(response.statusCode ?? 0)).on('error', reject);
      });
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
      }).catch(() => 0);
      if (status === 200) answers.push(performance.now() - asked);
      else errors += 1;
      over = status === 0 || ['completed', 'failed', 'cancelled'].includes(JSON.parse(text).status);
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
    }).catch(() => {
      errors += 1;
    });
    return count;
  };
  const following = Array.from({ length: streams }, follow);
  await Promise.all(Array.from({ length: readers }, read));
  const perStream = await Promise.all(following);
  agent.destroy();
  const ascending = (a: number, b: number) => a - b;
  const seen: Seen = { answers: answers.sort(ascending), arrivals: arrivals.sort(ascending), errors, perStream };
  parentPort?.postMessage(seen);
}

function quantile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? '–' : value.toFixed(1);
}
