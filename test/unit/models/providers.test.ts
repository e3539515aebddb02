import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { before, type TestContext, test } from 'node:test';
import { z } from 'zod';
import { createModels } from '../../../src/models/factory.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import { type Script, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { openJournal } from '../agents/journal.ts';
import { openConversation } from './conversation.ts';

const schema = z.object({ greeting: z.string(), count: z.number() });
const answer = { kind: 'text', text: '{"greeting":"Hello","count":2}' } as const;
const idleTimeoutMs = 400;

// A first import may take longer than a server is given to answer.
before(() => Promise.all([import('@ai-sdk/openai'), import('@ai-sdk/openai-compatible'), import('ai')]));

async function open(t: TestContext, provider: string, script: Script, options: { baseUrl?: string } = {}) {
  const { server, journal, looked, converse } = await openConversation(t, script, schema, {
    modelId: `${provider}:scripted`,
    timeoutMs: idleTimeoutMs,
    ...options,
  });
  const failure = async () => {
    const error = await converse().then(
      () => assert.fail('it should have failed'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof PlanwrightError, String(error));
    return error;
  };
  return { server, journal, looked, converse, failure };
}

for (const provider of ['openai', 'openai-compatible']) {
  test(`${provider}: streams an answer and counts what it cost`, async (t) => {
    const usage = { kind: 'usage', inputTokens: 120, cachedInputTokens: 100, outputTokens: 30 } as const;
    const { server, journal, converse } = await open(t, provider, () => [answer, usage]);
    assert.deepEqual(await converse(), { greeting: 'Hello', count: 2 });
    assert.equal(server.requests[0]?.body.stream, true);
    assert.equal(server.requests[0]?.headers.authorization, 'Bearer test-key');
    assert.equal(journal.live.map(({ delta }) => delta).join(''), answer.text);
    assert.ok(journal.live.length > 1);
    assert.deepEqual(journal.events(), [
      {
        type: 'usage',
        agent: 'planner',
        model: 'scripted',
        inputTokens: 120,
        cachedInputTokens: 100,
        outputTokens: 30,
        durationMs: 0,
        firstTokenMs: 0,
        provider: provider === 'openai' ? 'openai.responses' : 'openai-compatible.chat',
        endedAt: 1_000_000,
      },
    ]);
  });

  test(`${provider}: a tool is called, its result read, and neither call is made twice`, async (t) => {
    const { server, looked, converse } = await open(t, provider, ({ n }) =>
      n === 1
        ? [
            { kind: 'text', text: 'Let me look.' },
            {
              kind: 'toolCalls',
              calls: [
                { id: 'call_a', name: 'look', input: { path: 'a.ts' } },
                { id: 'call_b', name: 'look', input: { path: 'b.ts' } },
              ],
            },
          ]
        : answer,
    );
    const first = await converse();
    assert.deepEqual(looked, ['a.ts', 'b.ts']);
    assert.match(JSON.stringify(server.calls()[1]?.body), /seen a\.ts.*seen b\.ts/);
    assert.deepEqual(await converse(), first);
    assert.equal(server.calls().length, 2);
  });

  test(`${provider}: resumes at the first call that never finished`, async (t) => {
    let broken = true;
    const { server, converse, failure } = await open(t, provider, ({ body }) => {
      const begun = /seen a\.ts/.test(JSON.stringify(body));
      if (!begun) return { kind: 'toolCalls', calls: [{ name: 'look', input: { path: 'a.ts' } }] };
      return broken ? { kind: 'status', status: 401 } : answer;
    });
    assert.equal((await failure()).code, 'BAD_KEY');
    broken = false;
    assert.deepEqual(await converse(), { greeting: 'Hello', count: 2 });
    assert.equal(server.calls().length, 3);
  });

  test(`${provider}: waits as long as Retry-After says, no more and no less`, async (t) => {
    const { server, journal, converse } = await open(t, provider, ({ n }) =>
      n === 1 ? { kind: 'status', status: 429, headers: { 'retry-after': '17' } } : answer,
    );
    assert.deepEqual(await converse(), { greeting: 'Hello', count: 2 });
    assert.deepEqual(journal.clock.slept, [17_000]);
    assert.equal(server.calls().length, 2);
    assert.equal(journal.events()[0]?.type, 'retry');
  });

  test(`${provider}: gives up after three rate limits`, async (t) => {
    const { server, journal, failure } = await open(t, provider, () => ({ kind: 'status', status: 429 }));
    const error = await failure();
    assert.deepEqual([error.code, server.calls().length, journal.clock.slept], ['RATE_LIMIT', 3, [1000, 2000]]);
  });

  for (const [name, reply, code] of [
    [
      'an exceeded quota',
      { kind: 'status', status: 429, error: { message: 'no', type: 'insufficient_quota', code: 'insufficient_quota' } },
      'QUOTA',
    ],
    [
      'a wrong key',
      { kind: 'status', status: 401, error: { message: 'Incorrect API key provided: test-key' } },
      'BAD_KEY',
    ],
    ['an invalid request', { kind: 'status', status: 400, error: { message: 'no tools here' } }, 'INVALID_REQUEST'],
    ['an unknown model', { kind: 'status', status: 404 }, 'INVALID_REQUEST'],
    ['a failing server', { kind: 'status', status: 500, body: '<h1>oops</h1>' }, 'PROVIDER'],
    ['broken JSON', { kind: 'brokenJson' }, 'PROVIDER'],
    [
      'a failure told in the stream',
      { kind: 'streamError', error: { message: 'oops', type: 'server_error', code: 'server_error' } },
      'PROVIDER',
    ],
  ] as const) {
    test(`${provider}: ${name} fails at once as ${code}`, async (t) => {
      const { server, journal, failure } = await open(t, provider, () => reply);
      const error = await failure();
      assert.equal(error.code, code);
      assert.doesNotMatch(`${error.message} ${error.hint} ${JSON.stringify(error.cause)}`, /test-key/);
      assert.deepEqual([server.calls().length, journal.clock.slept], [1, []]);
    });
  }

  for (const [name, reply] of [
    ['a connection that drops in the middle', [{ kind: 'text', text: '{"greeting":' }, { kind: 'drop' }]],
    ['a connection that drops at once', [{ kind: 'drop' }]],
    ['a stream that ends unfinished', [{ kind: 'text', text: '{"greeting":' }, { kind: 'cut' }]],
    ['silence in the middle', [{ kind: 'text', text: '{"greeting":' }, { kind: 'hang' }]],
    ['silence from the start', [{ kind: 'hang' }]],
  ] as const) {
    test(`${provider}: ${name} is tried again as a time-out`, async (t) => {
      const { server, journal, converse } = await open(t, provider, ({ n }) => (n === 1 ? reply : answer));
      assert.deepEqual(await converse(), { greeting: 'Hello', count: 2 });
      assert.equal(server.calls().length, 2);
      const [retry] = journal.events();
      assert.equal(retry?.type === 'retry' && retry.error.code, 'TIMEOUT');
    });
  }

  test(`${provider}: a refused connection names the address`, async (t) => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}/v1`;
    const { failure } = await open(t, provider, () => answer, { baseUrl });
    const error = await failure();
    assert.equal(error.code, 'REFUSED_CONNECTION');
    assert.ok(error.hint?.includes(new URL(baseUrl).origin), error.hint);
  });

  test(`${provider}: cancelling ends a silent call`, async (t) => {
    const { server, journal, failure } = await open(t, provider, () => {
      setImmediate(journal.cancel);
      return { kind: 'hang' };
    });
    assert.equal((await failure()).code, 'CANCELLED');
    assert.equal(server.calls().length, 1);
  });
}

test('openai-compatible: shows reasoning apart from text', async (t) => {
  const { journal, converse } = await open(t, 'openai-compatible', () => [
    { kind: 'reasoning', text: 'Two will do.' },
    answer,
  ]);
  await converse();
  const of = (kind: string) =>
    journal.live
      .filter((event) => event.kind === kind)
      .map(({ delta }) => delta)
      .join('');
  assert.deepEqual([of('reasoning'), of('text')], ['Two will do.', answer.text]);
});

test('openai-compatible: answers without streaming too', async (t) => {
  const server = await startScriptedServer(() => [
    answer,
    { kind: 'toolCalls', calls: [{ id: 'c', name: 'look', input: { path: 'a' } }] },
  ]);
  t.after(server.close);
  const models = createModels({
    modelId: 'openai-compatible:scripted',
    baseUrl: server.url,
    apiKey: async () => undefined,
    timeoutMs: 5000,
    demoSpeed: 0,
    clock: openJournal(t).clock,
  });
  const model = await models.for('planner');
  const result = await model.doGenerate({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] });
  assert.deepEqual(
    result.content.map(({ type }) => type),
    ['text', 'tool-call'],
  );
  assert.deepEqual([result.finishReason.unified, result.usage.inputTokens.total], ['tool-calls', 10]);
});

/** A port on which nothing listens. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
