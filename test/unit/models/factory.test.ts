import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { createModels, keyOriginOf, type ModelSettings } from '../../../src/models/factory.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';

const hello = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }];

function models(settings: Partial<ModelSettings>) {
  return createModels({
    modelId: 'openai:gpt-5',
    apiKey: async () => 'test-key',
    timeoutMs: 5000,
    demoSpeed: 0,
    clock: systemClock,
    ...settings,
  });
}

/** The requests that would have gone out, as the network would have seen them. */
function recordingFetch() {
  const seen: { url: string; authorization: string | null; redirect: string | undefined }[] = [];
  const recording: typeof fetch = async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization');
    seen.push({ url: String(input), authorization, redirect: init?.redirect });
    return new Response('{}', { status: 500 });
  };
  return { seen, fetch: recording };
}

async function ask(settings: Partial<ModelSettings>): Promise<void> {
  const model = await models(settings).for('planner');
  await model.doGenerate({ prompt: hello });
}

test('asks for the key by the origin it is sent to', async () => {
  const origins: string[] = [];
  const apiKey = async (origin: string) => {
    origins.push(origin);
    return 'test-key';
  };
  await models({ apiKey }).for('planner');
  await models({ apiKey, baseUrl: 'https://gateway.example:8443/openai/v1/' }).for('planner');
  await models({ apiKey, modelId: 'openai-compatible:m', baseUrl: 'http://127.0.0.1:11434/v1' }).for('planner');
  assert.deepEqual(origins, ['https://api.openai.com', 'https://gateway.example:8443', 'http://127.0.0.1:11434']);
});

test('sends OpenAI’s key to OpenAI, whatever OPENAI_BASE_URL says', async (t) => {
  const before = process.env.OPENAI_BASE_URL;
  process.env.OPENAI_BASE_URL = 'https://elsewhere.example/v1';
  t.after(() => {
    if (before === undefined) delete process.env.OPENAI_BASE_URL;
    else process.env.OPENAI_BASE_URL = before;
  });
  const { seen, fetch } = recordingFetch();
  await assert.rejects(ask({ fetch }));
  assert.deepEqual(seen, [
    { url: 'https://api.openai.com/v1/responses', authorization: 'Bearer test-key', redirect: 'manual' },
  ]);
});

test('uses the base address for openai models too, without its trailing slashes', async () => {
  const { seen, fetch } = recordingFetch();
  await assert.rejects(ask({ fetch, baseUrl: 'https://gateway.example/v1//' }));
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['https://gateway.example/v1/responses'],
  );
});

test('adds no /v1 of its own', async () => {
  const { seen, fetch } = recordingFetch();
  await assert.rejects(ask({ fetch, modelId: 'openai-compatible:m', baseUrl: 'https://gateway.example' }));
  assert.deepEqual(
    seen.map(({ url }) => url),
    ['https://gateway.example/chat/completions'],
  );
});

for (const baseUrl of ['http://127.0.0.1:1234/v1', 'http://localhost:1234/v1', 'http://[::1]:1234/v1']) {
  test(`needs no key on the loopback (${baseUrl})`, async () => {
    const { seen, fetch } = recordingFetch();
    await assert.rejects(ask({ fetch, modelId: 'openai-compatible:m', baseUrl, apiKey: async () => undefined }));
    assert.deepEqual(
      seen.map(({ authorization }) => authorization),
      [null],
    );
  });
}

for (const settings of [
  { modelId: 'openai:gpt-5' },
  { modelId: 'openai:gpt-5', baseUrl: 'http://127.0.0.1:1234/v1' },
  { modelId: 'openai-compatible:m', baseUrl: 'https://gateway.example/v1' },
  { modelId: 'openai-compatible:m', baseUrl: 'https://localhost.example/v1' },
]) {
  test(`wants a key for ${settings.modelId} at ${settings.baseUrl ?? 'OpenAI'}`, async () => {
    await assert.rejects(
      models({ ...settings, apiKey: async () => ' ' }).for('planner'),
      (error: { code: string; hint: string }) => {
        return error.code === 'NO_KEY' && /Planwright: Set API key…/.test(error.hint);
      },
    );
  });
}

for (const baseUrl of [
  '',
  'gateway.example/v1',
  'ftp://gateway.example',
  'https://me:pw@gateway.example/v1',
  'https://gateway.example/v1?a=1',
  'https://gateway.example/#v1',
]) {
  test(`refuses the base address ${JSON.stringify(baseUrl)} without repeating it`, async () => {
    await assert.rejects(
      models({ modelId: 'openai-compatible:m', baseUrl }).for('planner'),
      (error: { code: string; message: string; hint: string }) => {
        return error.code === 'INVALID_INPUT' && error.hint !== '' && !error.message.includes('gateway.example');
      },
    );
  });
}

test('says that no model is chosen only when one is asked for', async () => {
  const none = models({ modelId: null });
  assert.equal(none.label, '');
  await assert.rejects(none.for('planner'), { code: 'NO_MODEL' });
});

test('labels the models as the setting names them', () => {
  assert.equal(models({ modelId: 'openai:gpt-5' }).label, 'openai:gpt-5');
});

test('hands out the demo without asking for a key', async () => {
  const model = await models({ modelId: 'demo', apiKey: () => assert.fail('no key is needed') }).for('reviewer');
  assert.equal(model.modelId, 'demo');
});

test('names where the key belongs', () => {
  assert.equal(keyOriginOf('openai:gpt-5'), 'https://api.openai.com');
  assert.equal(keyOriginOf('openai:gpt-5', 'https://gateway.example/v1'), 'https://gateway.example');
  assert.equal(keyOriginOf('openai-compatible:m', 'http://127.0.0.1:1/v1'), 'http://127.0.0.1:1');
  assert.equal(keyOriginOf('demo', 'http://127.0.0.1:1/v1'), undefined);
});

test('follows no redirect, so that code and key stay with the address that was chosen', async (t) => {
  const other = await startScriptedServer(() => ({ kind: 'text', text: 'caught' }));
  const first = await startScriptedServer(() => ({
    kind: 'status',
    status: 307,
    headers: { location: `${other.url}/chat/completions` },
  }));
  t.after(() => Promise.all([first.close(), other.close()]));
  await assert.rejects(ask({ modelId: 'openai-compatible:m', baseUrl: first.url }), { statusCode: 307 });
  assert.equal(other.requests.length, 0);
});

test('says so when a web page answers', async (t) => {
  const server = await startScriptedServer(() => ({
    kind: 'status',
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>',
  }));
  t.after(server.close);
  await assert.rejects(
    ask({ modelId: 'openai-compatible:m', baseUrl: server.url }),
    (error: { code: string; message: string }) => {
      return error.code === 'PROVIDER' && /web page/.test(error.message);
    },
  );
});

test('gives up on a server that does not begin to answer', async (t) => {
  const server = await startScriptedServer(() => new Promise(() => {}));
  t.after(server.close);
  await assert.rejects(ask({ modelId: 'openai-compatible:m', baseUrl: server.url, timeoutMs: 30 }), {
    code: 'TIMEOUT',
    retryable: true,
  });
});

test('keeps nothing on OpenAI’s side', async (t) => {
  const server = await startScriptedServer(() => ({ kind: 'text', text: 'Hi' }));
  t.after(server.close);
  const model = await models({ modelId: 'openai:gpt-5', baseUrl: server.url }).for('planner');
  const { stream } = await model.doStream({ prompt: hello });
  await stream.pipeTo(new WritableStream());
  assert.equal(server.requests[0]?.body.store, false);
  assert.equal(server.requests[0]?.path, '/v1/responses');
});

test('an agent may have a model of its own; the others have the one for all', async () => {
  const settings = { agentModels: { reviewer: 'openai:strict', refiner: '  ' } };
  const ids = await Promise.all(
    (['planner', 'reviewer', 'refiner'] as const).map(async (agent) => (await models(settings).for(agent)).modelId),
  );
  assert.deepEqual(ids, ['gpt-5', 'strict', 'gpt-5']);
});
