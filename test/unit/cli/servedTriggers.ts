import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { databasePath } from '../../../src/hosts/node/databasePath.ts';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { openDatabase } from '../../../src/workflow/engine/database.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { isUsableSecret, signedHeaders } from '../../../src/workflow/hooks/signing.ts';
import { memoryKey } from '../../../src/workflow/triggers/schedule.ts';
import { TriggerStore } from '../../../src/workflow/triggers/triggerStore.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { written } from './cliProcess.ts';

/**
 * A packed `planwright serve --triggers` as a process of its own: what was due while it was down, a signed webhook and a
 * written file each start a run, one after another; each waits at its gate and has written nothing.
 */
export async function servesTriggers(t: TestContext, cli: string, bare: NodeJS.ProcessEnv): Promise<void> {
  const folder = await copySample(t);
  const hook = await hookReceiver(t);
  const input = { ...sampleInput };
  const hourly = { cron: '0 * * * *' };
  const file = join(bare.HOME ?? folder, 'triggers.json');
  const triggers = [
    { id: 'hourly', kind: 'schedule', ...hourly, input },
    { id: 'tickets', kind: 'webhook', map: { request: '/wish', requirements: '/wants', constraints: '/must' } },
    { id: 'notes', kind: 'file-saved', paths: ['*.md'], input },
  ];
  await writeFile(file, JSON.stringify({ triggers, hooks: [{ id: 'team', url: hook.url, events: ['workflow.*'] }] }));
  lastRanHoursAgo(join(bare.PLANWRIGHT_DATA_DIR ?? ''), folder, hourly);
  const slug = await readFile(join(folder, 'src/slug.ts'), 'utf8');

  const env = {
    ...bare,
    PLANWRIGHT_TOKEN: 'a-token-for-tests',
    PLANWRIGHT_TRIGGER_SECRET_TICKETS: 'a secret of enough characters',
    PLANWRIGHT_HOOK_SECRET_TEAM: hook.secret,
  };
  const serve = () => {
    const args = [cli, 'serve', '--workspace', folder, '--model', 'demo', '--checks', 'none', '--triggers', file];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    t.after(() => child.kill('SIGKILL'));
    return { child, ended: once(child, 'close').then(([code]) => code as number | null) };
  };
  const { child, ended } = serve();
  const [, url = ''] = /at (http:\S+);/.exec(await written(child.stderr, /at http:\S+;/)) ?? [];
  const call = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${url}/api/${path}`, {
      ...init,
      headers: { authorization: 'Bearer a-token-for-tests' },
    });
    return (await answer.json()) as { items: Record<string, unknown>[] };
  };

  const { request: wish, requirements: wants, constraints: must } = sampleInput;
  assert.equal((await deliver(url, { wish, wants, must })).status, 202);
  assert.equal((await deliver(url, { wish, wants, must }, 'another secret than that')).status, 401);
  const stateOf = async (id: string) => (await call('triggers')).items.find((one) => one.id === id);
  for (let n = 0; ((await stateOf('notes'))?.last ?? null) === null; n++) {
    await writeFile(join(folder, 'notes.md'), `# Notes ${n}\n`); // It is watched from some moment on.
    await wait(400);
  }

  const startedBy: unknown[] = [];
  while (startedBy.length < 3) {
    const run = (await call('workflows')).items.find(({ status }) => status === 'waiting');
    if (run) {
      const { items } = await call(`workflows/${run.id}/gates`);
      const { items: events } = await call(`workflows/${run.id}/events?limit=1`);
      const { trigger } = (events[0] as { event: { trigger?: { id: string } } }).event;
      assert.deepEqual([trigger?.id, ...items.map(({ kind }) => kind)], [trigger?.id, 'plan-approval']);
      startedBy.push(trigger?.id);
      await call(`workflows/${run.id}/cancel`, { method: 'POST' });
    } else {
      await wait(50);
    }
  }
  assert.deepEqual(startedBy.sort(), ['hourly', 'notes', 'tickets']);
  assert.equal(await readFile(join(folder, 'src/slug.ts'), 'utf8'), slug, 'nothing is written without a decision');

  const second = serve();
  const refused = await written(second.child.stderr, /already/);
  assert.equal(await second.ended, 1);
  assert.match(refused, new RegExp(`Process ${child.pid} serves this workspace already, at ${url}\\.`));
  assert.equal((await fetch(`${url}/healthz`)).status, 200, 'the first goes on');

  while (hook.told.length < 6) await wait(20);
  const began = hook.told.filter((type) => type === 'workflow.started');
  assert.deepEqual([began.length, new Set(hook.told).size], [3, 2]);
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
  const third = serve();
  await written(third.child.stderr, /at http:\S+;/);
  third.child.kill('SIGTERM');
  assert.equal(await third.ended, 0);
}

function deliver(url: string, wish: object, secret = 'a secret of enough characters'): Promise<Response> {
  const body = JSON.stringify(wish);
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'planwright-timestamp': stamp,
    'planwright-signature': `sha256=${signature}`,
  };
  return fetch(`${url}/api/triggers/tickets`, { method: 'POST', headers, body });
}

/** As a serve that was stopped three hours ago left it. */
function lastRanHoursAgo(data: string, folder: string, schedule: { readonly cron: string }): void {
  const { db } = openDatabase(databasePath(data, folder));
  const before = String(Date.now() - 3 * 3_600_000);
  new TriggerStore(new Statements(db), systemClock).exchange(
    'hourly',
    memoryKey({ ...schedule, timeZone: undefined }),
    undefined,
    before,
  );
  db.close();
}

/** Takes what it is told, if it is signed. */
async function hookReceiver(t: TestContext) {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  assert.ok(isUsableSecret(secret));
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { 'webhook-id': id, 'webhook-timestamp': stamp } = request.headers;
    const wanted = signedHeaders(String(id), body, secret, Number(stamp) * 1000)['webhook-signature'];
    const isSigned = request.headers['webhook-signature'] === wanted;
    if (isSigned) told.push(JSON.parse(body).type);
    response.writeHead(isSigned ? 204 : 401).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { told, secret, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
