import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as routes from '../../../src/hosts/http/routes.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { openApi, token } from './apiServer.ts';
import { connect } from './documentClient.ts';
import { readEvents } from './sse.ts';

test('a stream resumed by the last id it got has exactly the events it missed', async (t) => {
  const { port, runner, until, store } = await openApi(t);
  const { id } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  const before = await readEvents(port, id, { enough: (events) => events.length >= 4 });
  const lastEventId = before.events.at(-1)?.id ?? '';
  await until(id, ({ openGates }) => openGates.length > 0);
  await runner.cancel(id);
  const after = await readEvents(port, id, { lastEventId });
  assert.ok(after.ended);
  assert.deepEqual(
    [...before.events, ...after.events].map(({ data }) => JSON.parse(data)),
    store.events(id, 0).map((stored) => JSON.parse(JSON.stringify(stored))),
  );
});

test('a client that has all of an ended run is told not to come back', async (t) => {
  const { port, runner, until, view } = await openApi(t);
  const { id } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await until(id, ({ openGates }) => openGates.length > 0);
  await runner.cancel(id);
  const { status } = await readEvents(port, id, { lastEventId: String(view(id).seq) });
  assert.equal(status, 204);
});

test('a silent stream says that it is alive', async (t) => {
  const { port, runner, until } = await openApi(t, { heartbeatMs: 20 });
  const { id } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await until(id, ({ openGates }) => openGates.length > 0);
  const { comments } = await readEvents(port, id, { enough: (_, said) => said.length >= 2 });
  assert.deepEqual(comments.slice(0, 2), ['heartbeat', 'heartbeat']);
});

test('events that another process wrote arrive too', async (t) => {
  const first = await openApi(t);
  const second = await openApi(t, { folder: first.folder, database: first.database });
  const { id } = first.runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await first.until(id, ({ openGates }) => openGates.length > 0);
  const following = readEvents(second.port, id);
  await first.runner.cancel(id);
  const { events, ended } = await following;
  assert.ok(ended);
  assert.equal(events.length, first.view(id).seq);
});

test('a stream ends when its run is deleted', async (t) => {
  const { port, runner, until, store } = await openApi(t, { heartbeatMs: 20 });
  const { id } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await until(id, ({ openGates }) => openGates.length > 0);
  await runner.pause(id);
  const following = readEvents(port, id);
  store.deleteRun(id);
  assert.ok((await following).ended);
});

test('a stream nobody reads any more lets go of the run', async (t) => {
  let listening = 0;
  const { port, runner, until } = await openApi(t, {
    wrapService: (service) => ({
      ...service,
      subscribe(listener) {
        const stop = service.subscribe(listener);
        listening += 1;
        return () => {
          listening -= 1;
          stop();
        };
      },
    }),
  });
  const { id } = runner.start(sampleInput, { model: 'demo', workspace: 'slugs' });
  await until(id, ({ openGates }) => openGates.length > 0);
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  const head = await fetch(`http://127.0.0.1:${port}/api/workflows/${id}/events`, { method: 'HEAD', headers });
  assert.equal(head.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.equal(listening, 0, 'an answer without a body listens to nothing');
  await readEvents(port, id, { enough: (events) => events.length > 0 });
  while (listening > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(listening, 0);
});

test('a stream ends when the server closes, and the run does not', async (t) => {
  const api = await openApi(t);
  const client = await connect(api.port);
  const { id } = await client.call(routes.startRun, { body: sampleInput });
  await api.until(id, ({ openGates }) => openGates.length > 0);
  const following = readEvents(api.port, id).catch(() => ({ ended: false }));
  await api.close();
  await following;
  const again = await openApi(t, { folder: api.folder, database: api.database });
  assert.equal(again.view(id).status, 'waiting');
});
