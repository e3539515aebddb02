import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { createApi } from '../../../src/hosts/http/api.ts';
import type { RunService } from '../../../src/hosts/http/runService.ts';
import { type ServeOptions, serve } from '../../../src/hosts/http/server.ts';
import { storeRunService } from '../../../src/hosts/http/storeRunService.ts';
import { NodeWorkspace } from '../../../src/hosts/node/nodeWorkspace.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { RunFeed } from '../../../src/hosts/runFeed.ts';
import { TriggerHost } from '../../../src/hosts/triggers/triggerHost.ts';
import { idempotencyKeys } from '../../../src/workflow/engine/idempotency.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { readTriggers } from '../../../src/workflow/triggers/definition.ts';
import { TriggerStore } from '../../../src/workflow/triggers/triggerStore.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { type HarnessOptions, openHarness } from '../workflow/harness.ts';

export const token = 'a-token-for-tests';
export const triggerSecret = 'a secret of enough characters';

export interface ApiServerOptions extends Partial<HarnessOptions> {
  readonly limits?: ServeOptions['limits'];
  readonly heartbeatMs?: number;
  readonly metricsText?: () => string;
  /** What starts runs by itself, as settings have it; the API has its paths then. */
  readonly triggers?: readonly object[];
  /** Asked what a run that starts is recorded with, once its key was looked up. */
  readonly onAbout?: () => void;
  /** Puts something between the API and the runs. */
  readonly wrapService?: (service: RunService) => RunService;
}

/** The API over a real server and a real runner, on a copy of the sample; closed at the end of the test. */
export async function openApi(t: TestContext, options: ApiServerOptions = {}) {
  const folder = options.folder ?? (await copySample(t));
  const database = options.database ?? join(folder, '.planwright-test', 'planwright.db');
  const connections: DatabaseSync[] = [];
  const harness = openHarness({
    ...options,
    folder,
    database,
    wrapDatabase: (db) => {
      connections.push(db);
      return db;
    },
  });
  const [db] = connections;
  if (!db) throw new Error('The harness opened no database.');
  const feed = new RunFeed(harness.store);
  const failures: unknown[] = [];
  const plain = storeRunService({
    store: harness.store,
    runner: harness.runner,
    book: harness.book,
    feed,
    keys: idempotencyKeys(db, systemClock),
    clock: systemClock,
    about: () => {
      options.onAbout?.();
      return { model: 'demo', workspace: 'slugs' };
    },
    concurrency: () => 3,
  });
  const host = new TriggerHost({
    store: harness.store,
    memory: new TriggerStore(new Statements(db), systemClock),
    clock: systemClock,
    feed,
    workspace: new NodeWorkspace(folder),
    book: harness.book,
    runner: harness.runner,
    start: (input, trigger, alongside) =>
      harness.runner.start(input, { model: 'demo', workspace: 'slugs', trigger }, alongside).id,
    secret: async (id) => (id === 'no-secret' ? undefined : triggerSecret),
    log: () => {},
  });
  const { triggers, problems } = readTriggers(options.triggers ?? []);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await host.use(triggers);
  const { wrapService = (service) => service, limits, heartbeatMs, metricsText } = options;
  const app = createApi({
    service: wrapService(plain),
    token,
    onInternal: (error) => failures.push(error),
    ...(options.triggers ? { triggers: host } : {}),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(metricsText === undefined ? {} : { metricsText }),
  });
  const server = await serve(app, { port: 0, ...(limits === undefined ? {} : { limits }) });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await server.close();
    host.dispose();
    feed.dispose();
    await harness.close();
  };
  t.after(close);
  return { ...harness, service: plain, folder, database, port: server.port, failures, close, host };
}
