import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { createModels } from '../../../src/models/factory.ts';
import { probe } from '../../../src/models/probe.ts';
import { type Script, startScriptedServer } from '../../fixtures/openaiServer.ts';

async function tried(t: TestContext, script: Script) {
  const server = await startScriptedServer(script);
  t.after(server.close);
  const models = createModels({
    modelId: 'openai-compatible:scripted',
    baseUrl: server.url,
    apiKey: async () => undefined,
    timeoutMs: 5000,
    demoSpeed: 0,
    clock: systemClock,
  });
  const model = await models.for('planner');
  return { server, probed: probe(model, new AbortController().signal, () => 0) };
}

const call = { kind: 'toolCalls', calls: [{ name: 'ready', input: { word: 'yes' } }] } as const;

test('one tiny request shows that a model streams and calls tools', async (t) => {
  const { server, probed } = await tried(t, () => call);
  assert.deepEqual(await probed, { streams: true, callsTools: true, durationMs: 0 });
  assert.equal(server.calls().length, 1);
  assert.ok(JSON.stringify(server.calls()[0]?.body).length < 1000);
});

test('a model that talks instead of calling is found out', async (t) => {
  const { probed } = await tried(t, () => ({ kind: 'text', text: '{"name":"ready","arguments":{"word":"yes"}}' }));
  assert.equal((await probed).callsTools, false);
});

test('a server that does not stream is asked for a whole answer', async (t) => {
  const { probed } = await tried(t, ({ body }) =>
    body.stream ? { kind: 'status', status: 400, error: { message: 'streaming is not supported' } } : call,
  );
  assert.deepEqual(await probed, { streams: false, callsTools: true, durationMs: 0 });
});

test('a server that says it calls no tools is believed', async (t) => {
  const { probed } = await tried(t, () => ({
    kind: 'status',
    status: 400,
    error: { message: 'm does not support tools' },
  }));
  await assert.rejects(probed, { code: 'INVALID_REQUEST', message: /cannot call tools/ });
});
