import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { discoverLocal, modelsOf } from '../../../src/models/discovery.ts';

/** A server on the loopback that answers GET and POST by path. */
async function serve(
  t: TestContext,
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => unknown,
) {
  const seen: { readonly path: string; readonly authorization: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ path: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    const value = answer(request, body, response);
    if (value === undefined) return;
    response.writeHead(value === null ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const tags = {
  models: [
    { name: 'qwen3:8b', size: 5_200_000_000, details: { parameter_size: '8.2B', quantization_level: 'Q4_K_M' } },
    { name: 'gemma:2b', size: 1_700_000_000 },
  ],
};

test('finds what Ollama and LM Studio have, and which of it calls tools', async (t) => {
  const ollama = await serve(t, ({ url }, body) => {
    if (url === '/api/tags') return tags;
    if (url === '/api/show')
      return { capabilities: JSON.parse(body).model === 'qwen3:8b' ? ['completion', 'tools'] : ['completion'] };
    return null;
  });
  const studio = await serve(t, ({ url }) => (url === '/v1/models' ? { data: [{ id: 'phi-4' }] } : null));
  const found = await discoverLocal({
    fetch,
    servers: [
      { server: 'Ollama', origin: ollama.origin },
      { server: 'LM Studio', origin: studio.origin },
    ],
  });
  assert.deepEqual(found, [
    {
      name: 'qwen3:8b',
      baseUrl: `${ollama.origin}/v1`,
      server: 'Ollama',
      about: '8.2B · Q4_K_M · 5.2 GB',
      callsTools: true,
    },
    { name: 'gemma:2b', baseUrl: `${ollama.origin}/v1`, server: 'Ollama', about: '1.7 GB', callsTools: false },
    { name: 'phi-4', baseUrl: `${studio.origin}/v1`, server: 'LM Studio', about: '', callsTools: undefined },
  ]);
});

test('asks the usual places of this machine and nothing else, without any key', async () => {
  const asked: [string, HeadersInit | undefined][] = [];
  const recording: typeof fetch = async (url, init) => {
    asked.push([String(url), init?.headers]);
    throw new TypeError('fetch failed');
  };
  assert.deepEqual(await discoverLocal({ fetch: recording }), []);
  assert.deepEqual(asked, [
    ['http://127.0.0.1:11434/api/tags', {}],
    ['http://127.0.0.1:1234/v1/models', {}],
  ]);
  const elsewhere = { server: 'Ollama', origin: 'http://192.0.2.1:11434' };
  assert.deepEqual(await discoverLocal({ fetch: recording, servers: [elsewhere] }), []);
  assert.equal(asked.length, 2);
});

for (const [name, answer] of [
  ['something else', () => ({ hello: 'world' })],
  ['a name with control characters', () => ({ data: [{ id: 'a\u001b[31m' }] })],
  ['an endless name', () => ({ data: [{ id: 'a'.repeat(300) }] })],
  [
    'a redirect',
    (_: IncomingMessage, __: string, response: ServerResponse) =>
      void response.writeHead(302, { location: 'http://192.0.2.1/' }).end(),
  ],
  ['too much', () => ({ data: [{ id: 'a' }], more: 'x'.repeat(2_100_000) })],
  ['no JSON', (_: IncomingMessage, __: string, response: ServerResponse) => void response.end('<html>')],
  ['nothing, for ever', () => undefined],
] as const) {
  test(`a server that answers ${name} has no models`, async (t) => {
    const { origin } = await serve(t, answer);
    assert.deepEqual(await discoverLocal({ fetch, servers: [{ server: 'LM Studio', origin }] }), []);
  });
}

test('lists what a server of the developer’s choice has, with the key of its address', async (t) => {
  const { origin, seen } = await serve(t, () => ({ data: [{ id: 'meta/llama' }, { id: 'qwen' }] }));
  const found = await modelsOf(`${origin}/v1/`, 'test-key', { fetch });
  assert.deepEqual(
    found.map(({ name, baseUrl }) => [name, baseUrl]),
    [
      ['meta/llama', `${origin}/v1`],
      ['qwen', `${origin}/v1`],
    ],
  );
  assert.deepEqual(seen, [{ path: 'GET /v1/models', authorization: 'Bearer test-key' }]);
});

test('says so when a chosen server does not list any', async (t) => {
  const { origin } = await serve(t, () => null);
  await assert.rejects(modelsOf(origin, undefined, { fetch }), { code: 'PROVIDER', hint: /Type the model’s name/ });
});

test('a server that is down, one that wants a key and one that lists nothing are told apart', async (t) => {
  const guarded = await serve(t, (_request, _body, response) => void response.writeHead(401).end());
  const silent = await serve(t, () => null);
  const { code, message } = await modelsOf(`${guarded.origin}/v1`, 'wrong', { fetch }).catch((error) => error);
  assert.deepEqual([code, message], ['BAD_KEY', `The API key was refused by ${guarded.origin}.`]);
  await assert.rejects(modelsOf(`${silent.origin}/v1`, undefined, { fetch }), { code: 'PROVIDER' });
  await assert.rejects(modelsOf('http://127.0.0.1:2/v1', undefined, { fetch }), {
    code: 'REFUSED_CONNECTION',
    message: 'Nothing answers at http://127.0.0.1:2.',
  });
});
