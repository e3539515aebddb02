import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import { z } from 'zod';
import { capabilitiesInMemory } from '../../../src/models/capabilities.ts';
import { asPlanwrightError } from '../../../src/workflow/errors.ts';
import type { Reply } from '../../fixtures/openaiReply.ts';
import type { Script } from '../../fixtures/openaiServer.ts';
import { openConversation } from './conversation.ts';

/** What servers get wrong, each by its name: what the developer is told, and that nothing false is remembered. */

const idleTimeoutMs = 1000;
const answer = { kind: 'text', text: '{"greeting":"Hello"}' } as const;

// The SDK's first import may take longer than a server is given to answer.
before(() => Promise.all([import('@ai-sdk/openai-compatible'), import('ai')]));

async function ask(t: TestContext, script: Script) {
  const memory = capabilitiesInMemory();
  const { server, journal, converse } = await openConversation(t, script, z.object({ greeting: z.string() }), {
    modelId: 'openai-compatible:scripted',
    timeoutMs: idleTimeoutMs,
    memory,
  });
  const outcome = await converse().then(
    (value) => ({ value, error: undefined }),
    (thrown) => ({ value: undefined, error: asPlanwrightError(thrown) }),
  );
  return { ...outcome, server, slept: journal.clock.slept, known: memory.get(server.url, 'scripted') };
}

const raw = (body: string, type = 'application/json', status = 200): Reply => ({
  kind: 'status',
  status,
  headers: { 'content-type': type },
  body,
});
const sse = (...chunks: unknown[]): Reply =>
  raw(
    chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join(''),
    'text/event-stream',
  );
const chunk = (delta: unknown, finish: string | null = null) => ({
  id: 'c',
  object: 'chat.completion.chunk',
  created: 0,
  model: 'scripted',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
const calling = (args: string) => ({
  tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'look', arguments: args } }],
});

for (const [name, reply, code, says] of [
  ['hangs', { kind: 'hang' }, 'TIMEOUT', /did not begin to answer|said nothing.*modelTimeoutSeconds/],
  [
    'hangs in the middle',
    [{ kind: 'text', text: '{' }, { kind: 'hang' }],
    'TIMEOUT',
    /said nothing.*modelTimeoutSeconds/,
  ],
  [
    'answers with a web page',
    raw('<!doctype html><h1>Log in</h1>', 'text/html'),
    'PROVIDER',
    /web page.*baseUrl.*\/v1/,
  ],
  [
    'tells an error with status 200',
    raw('{"error":{"message":"model is still loading","type":"server_error"}}'),
    'PROVIDER',
    /failed \(500\)\. It says: “model is still loading” Resume/,
  ],
  [
    'tells in words with status 200 that the quota is used up',
    raw('{"error":{"message":"no credits","code":"insufficient_quota"}}'),
    'QUOTA',
    /quota.*billing/,
  ],
  [
    'tells an error with status 200 and a code',
    raw('{"error":{"message":"bad key","code":401}}'),
    'BAD_KEY',
    /Set API key/,
  ],
  ['tells an error as a mere string', raw('{"error":"out of memory"}'), 'PROVIDER', /“out of memory”/],
  ['cuts the stream in the middle', [{ kind: 'text', text: '{"greet' }, { kind: 'cut' }], 'TIMEOUT', /dropped.*Resume/],
  [
    'drops the connection in the middle',
    [{ kind: 'text', text: '{"greet' }, { kind: 'drop' }],
    'TIMEOUT',
    /dropped.*Resume/,
  ],
  ['streams what is no JSON', sse('{"id":"c","choices":[{"delta":{"cont'), 'PROVIDER', /cannot be read.*Resume/],
  ['answers with JSON that is cut', { kind: 'brokenJson' }, 'PROVIDER', /cannot be (read|used).*Resume/],
  ['streams no choice at all', sse({ ...chunk({}), choices: [] }, '[DONE]'), 'TIMEOUT', /dropped|complete.*Resume/],
  [
    'asks to slow down',
    raw('{"error":{"message":"slow"}}', 'application/json', 429),
    'RATE_LIMIT',
    /slow down.*Resume/,
  ],
  [
    'refuses the key',
    raw('{"error":{"message":"no"}}', 'application/json', 401),
    'BAD_KEY',
    /key was refused.*Set API key/,
  ],
  [
    'finds the context too long',
    raw(
      '{"error":{"message":"maximum context length is 4096 tokens","code":"context_length_exceeded"}}',
      'application/json',
      400,
    ),
    'INVALID_REQUEST',
    /too long.*4096.*planwright\.contextTokens/,
  ],
  [
    'finds the request too large',
    raw('too large', 'text/plain', 413),
    'INVALID_REQUEST',
    /too long.*planwright\.contextTokens/,
  ],
  [
    'is not there',
    raw('{"error":{"message":"model not found"}}', 'application/json', 404),
    'INVALID_REQUEST',
    /not found.*“model not found”.*model’s name/,
  ],
  ['fails', raw('<h1>oops</h1>', 'text/plain', 502), 'PROVIDER', /failed \(502\).*Resume/],
] as const) {
  test(`a server that ${name}: ${code}, and what to do`, async (t) => {
    const { error, known, slept, server } = await ask(t, () => reply as Reply | readonly Reply[]);
    assert.equal(error?.code, code, `${error?.code}: ${error?.message}`);
    assert.match(`${error?.message} ${error?.hint}`, says);
    assert.doesNotMatch(`${error?.message} ${error?.hint} ${JSON.stringify(error?.cause)}`, /test-key/);
    assert.equal(known?.streams, undefined, 'a failure does not show that a server does not stream');
    const tries = code === 'TIMEOUT' || code === 'RATE_LIMIT' ? 3 : 1;
    assert.deepEqual([server.calls().length, slept.length], [tries, tries - 1]);
  });
}

for (const [name, headers, waits] of [
  ['seconds', { 'retry-after': '17' }, 17_000],
  ['an HTTP date', { 'retry-after': 'Wed, 25 Nov 2026 10:00:30 GMT', date: 'Wed, 25 Nov 2026 10:00:00 GMT' }, 30_000],
  ['milliseconds', { 'retry-after-ms': '250' }, 250],
  ['what cannot be read', { 'retry-after': 'soon' }, 1000],
  ['a date gone by', { 'retry-after': 'Wed, 25 Nov 2026 09:59:00 GMT', date: 'Wed, 25 Nov 2026 10:00:00 GMT' }, 0],
] as const) {
  test(`a rate limit with Retry-After in ${name} waits for ${waits} ms and goes on`, async (t) => {
    const { value, slept } = await ask(t, ({ n }) => (n === 1 ? { kind: 'status', status: 429, headers } : answer));
    assert.deepEqual([value, slept], [{ greeting: 'Hello' }, waits === 0 ? [] : [waits]]);
  });
}

for (const [name, first] of [
  ['arguments that are no JSON', sse(chunk(calling('{"path": "a.ts')), chunk({}, 'tool_calls'), '[DONE]')],
  ['arguments of another form', sse(chunk(calling('{"file": 1}')), chunk({}, 'tool_calls'), '[DONE]')],
  ['a tool that there is not', { kind: 'toolCalls', calls: [{ name: 'delete_all', input: {} }] }],
] as const) {
  test(`a model that calls a tool with ${name} is told, and goes on`, async (t) => {
    const { value, error, server } = await ask(t, ({ n }) => (n === 1 ? (first as Reply) : answer));
    assert.deepEqual(value, { greeting: 'Hello' }, error?.message);
    const { messages } = server.calls()[1]!.body as {
      messages: { role: string; content?: unknown; tool_calls?: { function: { arguments: string } }[] }[];
    };
    for (const call of messages.flatMap(({ tool_calls }) => tool_calls ?? [])) JSON.parse(call.function.arguments);
    assert.ok(
      messages.some(({ role, content }) => role === 'tool' && /invalid|unavailable|not/i.test(String(content))),
    );
  });
}

for (const [name, reason] of [
  ['“stop” although it calls a tool', 'stop'],
  ['one that nobody knows', 'banana'],
] as const) {
  test(`a finish reason of ${name} does not keep the tool from being called`, async (t) => {
    const first = sse(chunk(calling('{"path":"a.ts"}')), chunk({}, reason), '[DONE]');
    const { value, error, server } = await ask(t, ({ n }) => (n === 1 ? first : answer));
    assert.deepEqual(value, { greeting: 'Hello' }, error?.message);
    assert.match(JSON.stringify(server.calls()[1]?.body), /seen a\.ts/);
  });
}

test('a finish reason of “tool_calls” without a call counts as an answer', async (t) => {
  const { value, error } = await ask(t, () => sse(chunk({ content: answer.text }), chunk({}, 'tool_calls'), '[DONE]'));
  assert.deepEqual(value, { greeting: 'Hello' }, error?.message);
});

test('an answer that does not fit is sent back twice, and then named nonsense with what to do', async (t) => {
  const { error, server } = await ask(t, () => ({ kind: 'text', text: 'Hello!' }));
  assert.equal(error?.code, 'NONSENSE');
  assert.ok(error.hint, error.message);
  assert.equal(server.calls().length, 3);
});
