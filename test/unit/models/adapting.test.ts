import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { capabilitiesInMemory } from '../../../src/models/capabilities.ts';
import { createModels, type ModelSettings } from '../../../src/models/factory.ts';
import { collectStream } from '../../../src/workflow/agents/collect.ts';
import type { Reply } from '../../fixtures/openaiReply.ts';
import { type ScriptedRequest, startScriptedServer } from '../../fixtures/openaiServer.ts';

const prompt: LanguageModelV4CallOptions['prompt'] = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }];
const look = { type: 'function', name: 'look', inputSchema: { type: 'object' } } as const;
const schema = { type: 'object', properties: { a: { type: 'string' } } } as const;
const all = { temperature: 0.2, topP: 0.9, maxOutputTokens: 500, reasoningEffort: 'low' } as const;

const refuses = (message: string, more: object = {}): Reply => ({
  kind: 'status',
  status: 400,
  error: { message, type: 'invalid_request_error', ...more },
});
const answer: Reply = { kind: 'text', text: 'Hi' };

/** A server that refuses, and the model behind it asked twice: the second call shows what was remembered. */
async function open(
  t: TestContext,
  script: (request: ScriptedRequest) => Reply | Reply[],
  more: Partial<ModelSettings> = {},
) {
  const server = await startScriptedServer(script);
  t.after(server.close);
  const memory = capabilitiesInMemory();
  const learned: string[] = [];
  const models = createModels({
    modelId: 'openai-compatible:scripted',
    baseUrl: server.url,
    apiKey: async () => 'test-key',
    timeoutMs: 5000,
    demoSpeed: 0,
    clock: systemClock,
    parameters: { all },
    memory,
    onLearned: (text) => learned.push(text),
    ...more,
  });
  const ask = async (options: Partial<LanguageModelV4CallOptions> = {}) => {
    const model = await models.for('planner');
    return collectStream(await model.doStream({ prompt, tools: [look], ...options }), () => {});
  };
  return { server, memory, learned, ask, known: () => memory.get(server.url, 'scripted') };
}

test('asks with the parameters that are set, each by its name on the wire', async (t) => {
  const { server, ask } = await open(t, () => answer);
  await ask();
  const { temperature, top_p, max_tokens, reasoning_effort, stream_options } = server.calls()[0]?.body ?? {};
  assert.deepEqual(
    [temperature, top_p, max_tokens, reasoning_effort, stream_options],
    [0.2, 0.9, 500, 'low', { include_usage: true }],
  );
});

test('openai: asks with the parameters that are set', async (t) => {
  const { server, ask } = await open(t, () => answer, { modelId: 'openai:gpt-5', cacheKey: 'here' });
  await ask({ responseFormat: { type: 'json', schema, name: 'answer' } });
  const { reasoning, max_output_tokens, prompt_cache_key, text, store } = server.calls()[0]?.body ?? {};
  assert.equal(reasoning.effort, 'low');
  assert.deepEqual([max_output_tokens, prompt_cache_key, store], [500, 'here-planner', false]);
  assert.deepEqual([text.format.type, text.format.strict, text.format.schema.type], ['json_schema', false, 'object']);
});

for (const [name, wire, refusal] of [
  [
    'OpenAI',
    'temperature',
    refuses("Unsupported parameter: 'temperature' is not supported with this model.", { param: 'temperature' }),
  ],
  [
    'OpenAI, by its value',
    'temperature',
    refuses(
      "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
      { param: 'temperature', code: 'unsupported_value' },
    ),
  ],
  ['a gateway', 'reasoning_effort', refuses('Unrecognized request argument supplied: reasoning_effort')],
  [
    'pydantic',
    'top_p',
    {
      kind: 'status',
      status: 422,
      body: '{"detail":[{"type":"extra_forbidden","loc":["body","top_p"],"msg":"Extra inputs are not permitted"}]}',
    } as Reply,
  ],
  ['an older server', 'stream_options', refuses('unknown field "stream_options"')],
] as const) {
  test(`leaves out ${wire} where ${name} refuses it, once and for all`, async (t) => {
    const { server, learned, ask } = await open(t, ({ body }) => (wire in body ? refusal : answer));
    await ask();
    await ask();
    assert.deepEqual(
      server.calls().map(({ body }) => wire in body),
      [true, false, false],
    );
    assert.equal(learned.length, 1);
  });
}

test('several refusals, one after the other, are all remembered', async (t) => {
  const order = ['temperature', 'top_p', 'reasoning_effort', 'stream_options'];
  const { server, ask, known } = await open(t, ({ body }) => {
    const refused = order.find((wire) => wire in body);
    return refused ? refuses(`Unsupported parameter: ${refused}`, { param: refused }) : answer;
  });
  await ask();
  assert.equal(server.calls().length, order.length + 1);
  assert.deepEqual(known()?.refused.toSorted(), ['reasoning', 'temperature', 'topP', 'usageInStream']);
});

test('ends after each parameter was left out once, whatever the server goes on saying, and remembers nothing', async (t) => {
  const { server, ask, known } = await open(t, () =>
    refuses('Unsupported: temperature, top_p, max_tokens, max_completion_tokens, reasoning_effort, stream_options'),
  );
  await assert.rejects(ask(), { statusCode: 400 });
  assert.equal(server.calls().length, 7);
  assert.equal(known(), undefined);
});

test('calls the limit of an answer as the server calls it', async (t) => {
  const { server, ask } = await open(t, ({ body }) =>
    'max_tokens' in body
      ? refuses(
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
          { param: 'max_tokens' },
        )
      : answer,
  );
  await ask();
  assert.equal(server.calls()[1]?.body.max_completion_tokens, 500);
});

test('a value that is wrong is the developer’s to correct', async (t) => {
  const { server, ask } = await open(t, () => refuses('temperature must be between 0 and 1', { param: 'temperature' }));
  await assert.rejects(ask(), { statusCode: 400 });
  assert.equal(server.calls().length, 1);
});

test('what was not sent is not refused', async (t) => {
  const { server, ask } = await open(t, () => refuses('temperature is not supported'), { parameters: {} });
  await assert.rejects(ask(), { statusCode: 400 });
  assert.equal(server.calls().length, 1);
});

test('sends the schema only where no tool can be called, and does without where it is refused', async (t) => {
  const { server, ask } = await open(t, ({ body }) => ('response_format' in body ? refuses('json_schema?') : answer));
  const responseFormat = { type: 'json', schema, name: 'answer' } as const;
  await ask({ responseFormat });
  await ask({ responseFormat, toolChoice: { type: 'none' } });
  await ask({ responseFormat, toolChoice: { type: 'none' } });
  assert.deepEqual(
    server.calls().map(({ body }) => body.response_format?.type),
    [undefined, 'json_schema', undefined, undefined],
  );
});

for (const [name, status, message] of [
  ['Ollama', 400, 'registry.ollama.ai/library/gemma:2b does not support tools'],
  ['vLLM', 400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ['llama.cpp', 500, 'tools param requires --jinja flag'],
  ['a router', 404, 'No endpoints found that support tool use. Try disabling "look".'],
] as const) {
  test(`says that a model calls no tools when ${name} says so`, async (t) => {
    const { server, ask, known } = await open(t, () => ({ kind: 'status', status, error: { message } }));
    await assert.rejects(ask(), (error: { code: string; message: string; hint: string }) => {
      return (
        error.code === 'INVALID_REQUEST' && /“scripted”.*cannot call tools/.test(error.message) && error.hint !== ''
      );
    });
    assert.equal(server.calls().length, 1);
    assert.equal(known()?.callsTools, false);
  });
}

for (const [name, streamed] of [
  ['refuses to', refuses('Streaming is not supported', { param: 'stream' })],
  ['answers at once all the same', { kind: 'status', status: 200, body: '{"choices":[]}' } as Reply],
] as const) {
  test(`a server that ${name} is asked for whole answers from then on`, async (t) => {
    const { server, ask, known } = await open(t, ({ body }) => (body.stream ? streamed : answer));
    await assert.rejects(ask(), { name: 'AI_UnsupportedFunctionalityError' });
    await assert.rejects(ask(), { name: 'AI_UnsupportedFunctionalityError' });
    assert.equal(known()?.streams, false);
    assert.equal(server.calls().length, 1);
  });
}

test('what was learned long ago is learned again', async (t) => {
  let now = 0;
  const { server, ask } = await open(
    t,
    ({ body }) => ('temperature' in body ? refuses('temperature is not supported') : answer),
    { clock: { ...systemClock, now: () => now } },
  );
  await ask();
  now = 8 * 24 * 60 * 60 * 1000;
  await ask();
  assert.deepEqual(
    server.calls().map(({ body }) => 'temperature' in body),
    [true, false, true, false],
  );
});

test('each agent has its own parameters over those for all', async (t) => {
  const { server } = await open(t, () => answer);
  const models = createModels({
    modelId: 'openai-compatible:m',
    baseUrl: server.url,
    apiKey: async () => undefined,
    timeoutMs: 5000,
    demoSpeed: 0,
    clock: systemClock,
    parameters: { all: { temperature: 0.1, topP: 0.5 }, reviewer: { temperature: 0.9 } },
  });
  for (const agent of ['planner', 'reviewer'] as const)
    await collectStream(await (await models.for(agent)).doStream({ prompt }), () => {});
  assert.deepEqual(
    server.calls().map(({ body }) => [body.temperature, body.top_p]),
    [
      [0.1, 0.5],
      [0.9, 0.5],
    ],
  );
});

for (const [name, parameters, says] of [
  ['an unknown agent', { writer: {} }, /writer/],
  ['an unknown parameter', { planner: { seed: 1 } }, /planner/],
  ['a temperature out of range', { all: { temperature: 3 } }, /all\.temperature/],
  ['a made-up effort', { reviewer: { reasoningEffort: 'huge' } }, /reviewer\.reasoningEffort/],
  ['a list', [], /modelParameters/],
] as const) {
  test(`refuses ${name} in the setting and says where`, async (t) => {
    const { ask } = await open(t, () => answer, { parameters });
    await assert.rejects(ask(), (error: { code: string; message: string; hint: string }) => {
      return error.code === 'INVALID_INPUT' && says.test(error.message) && /reasoningEffort/.test(error.hint);
    });
  });
}

test('refuses a model for an agent that there is not', async (t) => {
  const { ask } = await open(t, () => answer, { agentModels: { writer: 'demo' } as object });
  await assert.rejects(ask(), { code: 'INVALID_INPUT', message: /“writer”/ });
});
