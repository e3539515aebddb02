import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as routes from '../../../src/hosts/http/routes.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { openApi } from './apiServer.ts';
import { connect } from './documentClient.ts';

const keyed = (key: string, body: unknown = sampleInput) => ({ body, headers: { 'idempotency-key': key } });

test('the same key and body start one run, however often and however close together they come', async (t) => {
  const { port, store } = await openApi(t);
  const client = await connect(port);
  const started = await Promise.all(Array.from({ length: 10 }, () => client.call(routes.startRun, keyed('once'))));
  assert.equal(new Set(started.map(({ id }) => id)).size, 1);
  assert.equal(store.listRuns().length, 1);
  const other = await client.call(routes.startRun, keyed('twice'));
  assert.notEqual(other.id, started[0]?.id);
  const unkeyed = await client.call(routes.startRun, { body: sampleInput });
  assert.equal(store.listRuns().length, 3);
  assert.notEqual(unkeyed.id, other.id);
});

test('a body that says the same in other words of JSON is the same', async (t) => {
  const { port } = await openApi(t);
  const client = await connect(port);
  const first = await client.call(routes.startRun, keyed('k', { request: 'x', requirements: [] }));
  const second = await client.call(routes.startRun, keyed('k', { requirements: [], request: '  x ', extra: 1 }));
  assert.equal(second.id, first.id);
});

test('the same key with another body is refused, and starts nothing', async (t) => {
  const { port, store } = await openApi(t);
  const client = await connect(port);
  await client.call(routes.startRun, keyed('k'));
  const other = keyed('k', { ...sampleInput, request: 'Something else' });
  assert.deepEqual(await client.refusal(routes.startRun, other), [422, 'INVALID_INPUT']);
  assert.equal(store.listRuns().length, 1);
  for (const key of ['x'.repeat(256), 'two words']) {
    assert.deepEqual(await client.refusal(routes.startRun, keyed(key)), [422, 'INVALID_INPUT']);
  }
});

test('a key is remembered after a restart, and by other processes on the same database', async (t) => {
  const first = await openApi(t);
  const { id } = await (await connect(first.port)).call(routes.startRun, keyed('k'));
  const beside = await openApi(t, { folder: first.folder, database: first.database });
  assert.equal((await (await connect(beside.port)).call(routes.startRun, keyed('k'))).id, id);
  await first.close();
  await beside.close();
  const later = await openApi(t, { folder: first.folder, database: first.database });
  const client = await connect(later.port);
  assert.equal((await client.call(routes.startRun, keyed('k'))).id, id);
  assert.deepEqual(await client.refusal(routes.startRun, keyed('k', { request: 'y' })), [422, 'INVALID_INPUT']);
  assert.equal(later.store.listRuns().length, 1);
});

test('of two processes that start under one key at once, the slower has the run of the quicker', async (t) => {
  const quicker = await openApi(t);
  const quickly = await connect(quicker.port);
  let other: string | undefined;
  const service = quicker.service;
  const slower = await openApi(t, {
    folder: quicker.folder,
    database: quicker.database,
    // Just after the slower one has found the key to be free.
    onAbout: () => {
      other = service.start(sampleInput, { idempotencyKey: 'k' });
    },
  });
  const { id } = await (await connect(slower.port)).call(routes.startRun, keyed('k'));
  assert.equal(id, other);
  assert.equal((await quickly.call(routes.listRuns)).items.length, 1);
});

test('a key is free again once its run is deleted', async (t) => {
  const { port, store, runner } = await openApi(t);
  const client = await connect(port);
  const { id } = await client.call(routes.startRun, keyed('k'));
  await runner.cancel(id);
  store.deleteRun(id);
  assert.notEqual((await client.call(routes.startRun, keyed('k'))).id, id);
});
