import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type LanguageModelV4, type LanguageModelV4CallOptions, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { type JournalingOptions, journaled } from '../../../src/workflow/agents/journaling.ts';
import { defaultRetryPolicy } from '../../../src/workflow/engine/retry.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import { openJournal } from './journal.ts';
import { callTool, partsOf, type ScriptedModel, scriptedModel, text } from './scriptedModel.ts';

function asked(words: string): LanguageModelV4CallOptions {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text: words }] }] };
}

function open(t: TestContext, model: LanguageModelV4, more: Partial<JournalingOptions> = {}) {
  const journal = openJournal(t);
  const pass = () =>
    journaled(model, {
      run: journal.pass(),
      agent: 'implementer',
      taskId: 'T1',
      retry: defaultRetryPolicy,
      clock: journal.clock,
      idleTimeoutMs: 5000,
      mapError: (error) => new PlanwrightError('PROVIDER', String(error)),
      ...more,
    });
  return { journal, pass };
}

test('answers a replay from the journal, in order, with no further call', async (t) => {
  const model = scriptedModel((n) => text(`answer ${n}`));
  const { pass, journal } = open(t, model);
  const first = pass();
  const answers = [await first.doGenerate(asked('one')), await first.doGenerate(asked('two'))];
  const second = pass();
  assert.deepEqual([await second.doGenerate(asked('one')), await second.doGenerate(asked('two'))], answers);
  assert.equal(model.calls.length, 2);
  assert.equal(journal.events().length, 2);
});

test('goes on with real calls where the journal ends', async (t) => {
  const model = scriptedModel((n) => text(`answer ${n}`));
  const { pass } = open(t, model);
  await pass().doGenerate(asked('one'));
  const second = pass();
  await second.doGenerate(asked('one'));
  const { content } = await second.doGenerate(asked('two'));
  assert.deepEqual(content, text('answer 2'));
  assert.equal(model.calls.length, 2);
});

test('does not care for headers, signals or the order of keys', async (t) => {
  const model = scriptedModel(() => text('answer'));
  const { pass } = open(t, model);
  const tool = { type: 'function' as const, name: 'look', inputSchema: { type: 'object' as const, properties: {} } };
  await pass().doGenerate({ ...asked('one'), tools: [tool], headers: { 'x-trace': '1' } });
  const turned = { inputSchema: { properties: {}, type: 'object' as const }, name: 'look', type: 'function' as const };
  await pass().doGenerate({ tools: [turned], ...asked('one'), abortSignal: new AbortController().signal });
  assert.equal(model.calls.length, 1);
});

for (const [name, changed] of [
  ['another prompt', asked('two')],
  ['another tool', { ...asked('one'), tools: [{ type: 'function' as const, name: 'look', inputSchema: {} }] }],
  ['another choice of tools', { ...asked('one'), toolChoice: { type: 'none' as const } }],
  ['another format', { ...asked('one'), responseFormat: { type: 'json' as const } }],
] satisfies [string, LanguageModelV4CallOptions][]) {
  test(`refuses to replay an answer to ${name}`, async (t) => {
    const { pass } = open(
      t,
      scriptedModel(() => text('answer')),
    );
    await pass().doGenerate(asked('one'));
    await assert.rejects(async () => pass().doGenerate(changed), { code: 'REPLAY_MISMATCH' });
  });
}

test('says what a call cost and how long it took, once over all replays', async (t) => {
  const { journal, pass } = open(
    t,
    scriptedModel(() => {
      void journal.clock.sleep(1500);
      return text('answer');
    }),
  );
  await pass().doGenerate(asked('one'));
  await pass().doGenerate(asked('one'));
  assert.deepEqual(journal.events(), [
    {
      type: 'usage',
      agent: 'implementer',
      taskId: 'T1',
      model: 'scripted',
      inputTokens: 10,
      cachedInputTokens: 4,
      outputTokens: 5,
      durationMs: 1500,
      firstTokenMs: 1500,
      provider: 'test',
      endedAt: 1_001_500,
    },
  ]);
});

test('shows what is being written, and shows nothing on a replay', async (t) => {
  const { journal, pass } = open(
    t,
    scriptedModel(() => [...text('Hello'), ...callTool('look', {})]),
  );
  await pass().doGenerate(asked('one'));
  await pass().doGenerate(asked('one'));
  const [event, ...others] = journal.live;
  assert.deepEqual(
    { ...event, runId: '' },
    { runId: '', agent: 'implementer', taskId: 'T1', kind: 'text', delta: 'Hello' },
  );
  assert.deepEqual(others, []);
});

test('keeps the metadata that the next call needs', async (t) => {
  const providerMetadata = { openai: { itemId: 'msg_1' } };
  const { pass } = open(
    t,
    scriptedModel(() => [
      { type: 'text-start', id: '0', providerMetadata },
      { type: 'text-delta', id: '0', delta: 'Hi' },
      { type: 'text-end', id: '0' },
      ...partsOf([]).slice(-1),
    ]),
  );
  await pass().doGenerate(asked('one'));
  const { content } = await pass().doGenerate(asked('one'));
  assert.deepEqual(content, [{ type: 'text', text: 'Hi', providerMetadata }]);
});

test('streams a journaled answer to who asks for a stream', async (t) => {
  const model = scriptedModel(() => text('Hello'));
  const { pass } = open(t, model);
  await pass().doGenerate(asked('one'));
  const { stream } = await pass().doStream(asked('one'));
  let written = '';
  for await (const part of stream) if (part.type === 'text-delta') written += part.delta;
  assert.equal(written, 'Hello');
  assert.equal(model.calls.length, 1);
});

test('asks a model that cannot stream for the whole answer', async (t) => {
  const model = withoutStreaming(scriptedModel(() => []));
  const { pass } = open(t, model);
  assert.deepEqual((await pass().doGenerate(asked('one'))).content, text('whole'));
});

test('says what a failure means and journals nothing of it', async (t) => {
  const model = scriptedModel((n) => (n === 1 ? [{ type: 'error', error: new Error('boom') }] : text('answer')));
  const { pass } = open(t, model);
  await assert.rejects(async () => pass().doGenerate(asked('one')), { code: 'PROVIDER', message: 'Error: boom' });
  assert.deepEqual((await pass().doGenerate(asked('one'))).content, text('answer'));
});

test('tries again by the policy, and only the answer counts', async (t) => {
  const slow = new PlanwrightError('RATE_LIMIT', 'slow down', { retryable: true, retryAfterMs: 4321 });
  const model = scriptedModel((n) => (n < 3 ? [{ type: 'error', error: slow }] : text('answer')));
  const { journal, pass } = open(t, model);
  await pass().doGenerate(asked('one'));
  assert.deepEqual(journal.clock.slept, [4321, 4321]);
  assert.deepEqual(
    journal.events().map(({ type }) => type),
    ['retry', 'retry', 'usage'],
  );
});

test('cancelling is CANCELLED, whatever the model makes of the abort', async (t) => {
  const model = scriptedModel(() => {
    journal.cancel();
    return [{ type: 'error', error: new Error('socket closed') }];
  });
  const { journal, pass } = open(t, model);
  await assert.rejects(async () => pass().doGenerate(asked('one')), { code: 'CANCELLED' });
});

function withoutStreaming(model: ScriptedModel): LanguageModelV4 {
  const [, , , , last] = partsOf(text('whole'));
  assert.ok(last?.type === 'finish');
  const { finishReason, usage } = last;
  return {
    ...model,
    doStream: () => Promise.reject(new UnsupportedFunctionalityError({ functionality: 'streaming' })),
    doGenerate: async () => ({ content: text('whole'), finishReason, usage, warnings: [] }),
  };
}
