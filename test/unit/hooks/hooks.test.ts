import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Courier } from '../../../src/hosts/hooks/courier.ts';
import { Statements } from '../../../src/workflow/engine/statements.ts';
import { readHooks } from '../../../src/workflow/hooks/hook.ts';
import { CLAIM_MS, KEPT_DEAD, KEPT_MS, Outbox, RETRY_MS } from '../../../src/workflow/hooks/outbox.ts';
import { openTriggers, type TestClock } from '../triggers/triggerWorld.ts';

/** Hooks told over real HTTP by a receiver that may refuse, redirect or keep silent. */

const key = Buffer.from('thirty-two bytes make a good key').toString('base64');

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function receiver(
  t: TestContext,
  answer: (n: number) => { status: number; headers?: Record<string, string> } | null,
) {
  const got: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    got.push({ headers: request.headers, body });
    const said = answer(got.length);
    if (said) response.writeHead(said.status, said.headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in` };
}

async function open(t: TestContext, url: string, over: object = {}, beside?: { root: string; clock: TestClock }) {
  const definition = { id: 'tidy', kind: 'manual', input: { request: 'A secret plan' } };
  const world = await openTriggers(t, [definition], beside ? { beside } : {});
  const { hooks, problems } = readHooks([{ id: 'team', url, ...over }]);
  assert.deepEqual(problems, []);
  const outbox = new Outbox(new Statements(world.db), world.store, world.clock);
  const { store, clock, said } = world;
  const courier = new Courier({
    store,
    outbox,
    clock,
    secret: async () => key,
    fetch,
    log: (text) => said.push(text),
    timeoutMs: 300,
  });
  t.after(() => courier.dispose());
  courier.use(hooks);
  return {
    ...world,
    outbox,
    courier,
    hooks,
    async run() {
      await world.host.run('tidy');
      await world.quiet();
      await courier.idle();
    },
    async later(ms: number) {
      clock.pass(ms);
      courier.wake();
      await courier.idle();
    },
  };
}

const countText = ({ state, n }: Record<string, unknown>) => `${state} ${n}`;

describe('A hook', () => {
  it('is told what happened, in order, signed as Standard Webhooks asks, and nothing of what was asked for', async (t) => {
    const { got, url } = await receiver(t, () => ({ status: 204 }));
    const { run, outbox } = await open(t, url);
    await run();
    assert.deepEqual(
      got.map(({ body }) => JSON.parse(body).type),
      ['workflow.started', 'workflow.completed'],
    );
    for (const { headers, body } of got) {
      const [id, stamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
      const wanted = createHmac('sha256', Buffer.from(key, 'base64')).update(`${id}.${stamp}.${body}`).digest('base64');
      assert.equal(headers['webhook-signature'], `v1,${wanted}`);
      assert.doesNotMatch(body, /secret plan/);
    }
    assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 2);
    assert.deepEqual(outbox.troubled(), []);
  });

  it('that refuses is told again later with the same id, and a Retry-After is kept to', async (t) => {
    const { got, url } = await receiver(t, (n) =>
      n === 1 ? { status: 500 } : n === 2 ? { status: 429, headers: { 'retry-after': '3600' } } : { status: 200 },
    );
    const { run, later, outbox } = await open(t, url, { events: ['workflow.started'] });
    await run();
    assert.equal(got.length, 1);
    await later(1000);
    assert.equal(got.length, 1, 'not before its time');
    await later((RETRY_MS[0] ?? 0) * 1.2);
    assert.equal(got.length, 2);
    await later((RETRY_MS[1] ?? 0) * 1.2);
    assert.equal(got.length, 2);
    await later(3_600_000);
    assert.equal(got.length, 3);
    assert.equal(new Set(got.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(got.map(({ body }) => body)).size, 1);
    assert.ok(Number(got[2]?.headers['webhook-timestamp']) > Number(got[0]?.headers['webhook-timestamp']));
    assert.deepEqual(outbox.troubled(), []);
  });

  it('that never takes it is given up, can be looked at and sent again', async (t) => {
    let works = false;
    const { got, url } = await receiver(t, () => ({ status: works ? 200 : 503 }));
    const { run, later, outbox, courier } = await open(t, url, { events: ['workflow.started'] });
    await run();
    for (const wait of RETRY_MS) await later(wait * 1.2);
    await later(7 * 86_400_000);
    assert.equal(got.length, RETRY_MS.length + 1);
    const [dead] = outbox.troubled();
    assert.deepEqual([dead?.state, dead?.error, dead?.tries], ['dead', 'answered 503', RETRY_MS.length + 1]);
    works = true;
    outbox.again(dead?.id ?? '');
    courier.wake();
    await courier.idle();
    assert.equal(got.length, RETRY_MS.length + 2);
    assert.deepEqual(outbox.troubled(), []);
  });

  it('that is gone is given up at once; a redirect is not followed; silence ends', async (t) => {
    const gone = await receiver(t, () => ({ status: 410 }));
    const elsewhere = await receiver(t, () => ({ status: 200 }));
    const moved = await receiver(t, () => ({ status: 307, headers: { location: elsewhere.url } }));
    const silent = await receiver(t, () => null);
    for (const [{ url }, state, error] of [
      [gone, 'dead', /410/],
      [moved, 'pending', /redirect/],
      [silent, 'pending', /no answer within 0\.3 s/],
    ] as const) {
      const { run, outbox, close, courier } = await open(t, url, { events: ['workflow.started'] });
      await run();
      const [delivery] = outbox.troubled();
      assert.equal(delivery?.state, state);
      assert.match(delivery?.error ?? '', error);
      await courier.dispose();
      await close();
    }
    assert.equal(elsewhere.got.length, 0);
  });

  it('hears after a crash of what was logged before it, and of nothing from before there was the hook', async (t) => {
    const { got, url } = await receiver(t, () => ({ status: 200 }));
    const before = await openTriggers(t, [{ id: 'tidy', kind: 'manual', input: { request: 'Old' } }]);
    await before.host.run('tidy');
    await before.quiet();
    before.clock.pass(1000);
    const first = await open(t, url, { events: ['workflow.completed'] }, before);
    assert.equal(got.length, 0);
    first.clock.pass(1000);
    await first.courier.dispose(); // It dies: what is logged from here on it does not send.
    await first.host.run('tidy');
    await first.quiet();
    await first.close();
    assert.equal(got.length, 0);
    const second = await open(t, url, { events: ['workflow.completed'] }, before);
    await second.courier.idle();
    assert.equal(got.length, 1);
  });

  it('that is slow keeps no other waiting', async (t) => {
    const silent = await receiver(t, () => null);
    const quick = await receiver(t, () => ({ status: 200 }));
    const world = await open(t, silent.url, { events: ['workflow.started'] });
    const both = readHooks([
      { id: 'team', url: silent.url, events: ['workflow.started'] },
      { id: 'other', url: quick.url, events: ['workflow.started', 'workflow.completed'] },
    ]);
    world.courier.use(both.hooks);
    await world.host.run('tidy');
    while (quick.got.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(world.outbox.troubled(), [], 'the slow one is still being told');
    await world.courier.idle();
  });

  it('is told again what was being told when the process was killed, with the same id and a new signature', async (t) => {
    const { got, url } = await receiver(t, (n) => (n === 1 ? null : { status: 200 }));
    const first = await open(t, url, { events: ['workflow.started'] });
    await first.courier.dispose();
    await first.host.run('tidy');
    await first.quiet();
    await first.close();
    const victim = fileURLToPath(new URL('./victim.ts', import.meta.url));
    const child = spawn(process.execPath, [victim, join(first.root, 'x.db'), url, key, String(first.clock.time)]);
    const died = once(child, 'close');
    while (got.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGKILL');
    await died;
    const second = await open(t, url, { events: ['workflow.started'] }, first);
    await second.courier.idle();
    assert.equal(got.length, 1, 'whoever held it may still be at it');
    await second.later(CLAIM_MS);
    assert.equal(got.length, 2);
    const [before, after] = got;
    assert.equal(after?.headers['webhook-id'], before?.headers['webhook-id']);
    assert.equal(after?.body, before?.body);
    assert.notEqual(after?.headers['webhook-signature'], before?.headers['webhook-signature']);
    assert.deepEqual(second.outbox.troubled(), []);
  });

  it('costs nothing while nothing happens, and reads only what is new however many runs there are', async (t) => {
    const { url } = await receiver(t, () => ({ status: 200 }));
    const { run, store, outbox, hooks, clock, root } = await open(t, url, { events: ['workflow.completed'] });
    for (let n = 0; n < 30; n++) await run();
    const read: string[] = [];
    const events = store.events.bind(store);
    store.events = (id, ...rest) => {
      read.push(id);
      return events(id, ...rest);
    };
    outbox.collectAll(hooks);
    read.length = 0;
    assert.equal(outbox.collectAll(hooks), false);
    assert.deepEqual(read, []);
    const other = await openTriggers(t, [{ id: 'tidy', kind: 'manual', input: { request: 'x' } }], {
      beside: { root, clock },
    });
    await other.host.run('tidy');
    await other.quiet();
    const [newest] = other.store.listRuns();
    assert.equal(outbox.collectAll(hooks), true);
    assert.deepEqual(read, [newest?.id]);
    const late = readHooks([{ id: 'late', url }]).hooks;
    clock.pass(1000);
    read.length = 0;
    assert.equal(outbox.collectAll(late), false);
    assert.deepEqual(read, [], 'what was there before a hook was, is not read for it');
  });

  it('leaves nothing behind for ever', async (t) => {
    let works = true;
    const { url } = await receiver(t, () => ({ status: works ? 200 : 410 }));
    const { run, store, outbox, hooks, clock, db } = await open(t, url, { events: ['workflow.started'] });
    const left = () =>
      db.prepare('SELECT state, COUNT(*) AS n FROM hook_deliveries GROUP BY state ORDER BY state').all().map(countText);
    await run();
    works = false;
    await run();
    assert.deepEqual(left(), ['dead 1', 'delivered 1']);
    clock.pass(KEPT_MS.delivered + 1);
    outbox.collectAll(hooks);
    assert.deepEqual(left(), ['dead 1']);
    clock.pass(KEPT_MS.dead);
    outbox.collectAll(hooks);
    assert.deepEqual(left(), []);

    // What waits for a hook that no process has any more is given up, and can be seen.
    const gone = readHooks([{ id: 'gone', url, events: ['workflow.*'] }]).hooks;
    outbox.collectAll(gone);
    await run();
    outbox.collect(
      gone,
      store.listRuns().map(({ id }) => id),
    );
    assert.deepEqual(left(), ['dead 1', 'pending 2']);
    clock.pass(KEPT_MS.unsent + 1);
    outbox.collectAll(hooks);
    assert.deepEqual(left(), ['dead 3']);
    assert.match(outbox.troubled().find(({ hook }) => hook === 'gone')?.error ?? '', /nobody has sent it/);

    const add = db.prepare(
      `INSERT INTO hook_deliveries VALUES (?, 'team', 'r', ?, 'workflow.started', '{}', 'dead', 1, ?, 0, 'no', 0)`,
    );
    for (let n = 0; n < KEPT_DEAD + 50; n++) add.run(`many${n}`, n, clock.now() + n);
    clock.pass(3_600_000);
    outbox.collectAll(hooks);
    assert.deepEqual(left(), [`dead ${KEPT_DEAD}`]);
  });

  it('is refused with the field named where its address, id or events cannot be used', () => {
    const bad = [
      { id: 'a', url: 'http://example.com/' },
      { id: 'b', url: 'https://me:pw@example.com/' },
      { id: 'c', url: 'ftp://127.0.0.1/' },
      { id: 'd', url: 'http://127.0.0.1.example.com/' },
      { id: 'E', url: 'https://example.com/' },
      { id: 'f', url: 'https://example.com/', events: ['agent.acted'] },
      { id: 'g', url: 'https://example.com/', secret: 'not here' },
    ];
    const { hooks, problems } = readHooks(bad);
    assert.deepEqual(hooks, []);
    const fields = ['url', 'url', 'url', 'url', 'id', 'events\\[0\\]', 'definition: there is no "secret" here'];
    for (const [index, field] of fields.entries()) {
      assert.match(problems[index] ?? '', new RegExp(`^Outbound hook “${bad[index]?.id}”: ${field}`));
    }
    assert.equal(
      readHooks([
        { id: 'h', url: 'http://[::1]:8080/x' },
        { id: 'i', url: 'https://example.com' },
      ]).hooks.length,
      2,
    );
  });
});
