import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { collectStream, type Delta } from '../../../src/workflow/agents/collect.ts';
import { withIdleTimeout } from '../../../src/workflow/agents/idleTimeout.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import { partsOf, streamOf, text } from './scriptedModel.ts';

const finish = partsOf([]).at(-1) as LanguageModelV4StreamPart;

async function collect(parts: readonly LanguageModelV4StreamPart[]) {
  const deltas: Delta[] = [];
  let count = 0;
  const result = await collectStream(
    { stream: streamOf(parts) },
    (delta) => deltas.push(delta),
    () => {
      count += 1;
    },
  );
  return { result, deltas, count };
}

test('merges pieces that come mixed, in the order their blocks began', async () => {
  const { result, deltas } = await collect([
    { type: 'reasoning-start', id: '0' },
    { type: 'text-start', id: '0' },
    { type: 'reasoning-delta', id: '0', delta: 'think' },
    { type: 'text-delta', id: '0', delta: 'Hel' },
    { type: 'reasoning-delta', id: '0', delta: 'ing' },
    { type: 'text-delta', id: '0', delta: 'lo' },
    { type: 'text-end', id: '0' },
    { type: 'reasoning-end', id: '0', providerMetadata: { openai: { itemId: 'rs_1' } } },
    { type: 'tool-input-start', id: 'c', toolName: 'look' },
    { type: 'tool-input-delta', id: 'c', delta: '{}' },
    { type: 'tool-call', toolCallId: 'c', toolName: 'look', input: '{}' },
    { type: 'text-start', id: '0' },
    { type: 'text-delta', id: '0', delta: 'again' },
    { type: 'text-end', id: '0' },
    finish,
  ]);
  assert.deepEqual(result.content, [
    { type: 'reasoning', text: 'thinking', providerMetadata: { openai: { itemId: 'rs_1' } } },
    { type: 'text', text: 'Hello' },
    { type: 'tool-call', toolCallId: 'c', toolName: 'look', input: '{}' },
    { type: 'text', text: 'again' },
  ]);
  assert.deepEqual(
    deltas.map(({ kind, delta }) => `${kind} ${delta}`),
    ['reasoning think', 'text Hel', 'reasoning ing', 'text lo', 'tool-input {}', 'text again'],
  );
});

test('keeps warnings, response and the provider’s metadata', async () => {
  const warnings = [{ type: 'other' as const, message: 'careful' }];
  const { result } = await collect([
    { type: 'stream-start', warnings },
    { type: 'response-metadata', id: 'r1' },
    { type: 'response-metadata', modelId: 'm' },
    { ...finish, providerMetadata: { openai: { responseId: 'r1' } } } as LanguageModelV4StreamPart,
  ]);
  assert.deepEqual(result.warnings, warnings);
  assert.deepEqual(result.response, { id: 'r1', modelId: 'm' });
  assert.deepEqual(result.providerMetadata, { openai: { responseId: 'r1' } });
});

test('hears of every part, pings too, and leaves empty text out', async () => {
  const { result, count } = await collect([
    { type: 'ping' },
    { type: 'text-start', id: '0' },
    { type: 'text-end', id: '0' },
    finish,
  ]);
  assert.equal(count, 4);
  assert.deepEqual(result.content, []);
});

test('throws the error of a stream unchanged', async () => {
  const error = new Error('as it was');
  await assert.rejects(collect([{ type: 'error', error }, finish]), (thrown) => thrown === error);
});

for (const [name, parts, code] of [
  ['without a finish', partsOf(text('half')).slice(0, -1), 'TIMEOUT'],
  ['interrupted', partsOf(text('half'), 'interrupted'), 'TIMEOUT'],
  ['with an error for a reason', partsOf(text('half'), 'error'), 'PROVIDER'],
] as const) {
  test(`a stream that ends ${name} is no answer`, async () => {
    await assert.rejects(collect(parts), { code, retryable: true });
  });
}

test('silence ends a call that does not listen, and aborts it', async () => {
  const silent = { signal: undefined as AbortSignal | undefined };
  const call = withIdleTimeout(10, new AbortController().signal, ({ signal }) => {
    silent.signal = signal;
    return new Promise(() => {});
  });
  await assert.rejects(call, { code: 'TIMEOUT', retryable: true });
  assert.equal(silent.signal?.aborted, true);
});

test('a slow call goes on as long as something comes', async () => {
  const result = await withIdleTimeout(200, new AbortController().signal, async ({ alive }) => {
    for (let i = 0; i < 15; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      alive();
    }
    return 'done';
  });
  assert.equal(result, 'done');
});

test('a cancelled signal ends a call that does not listen, with the signal’s own reason', async () => {
  const controller = new AbortController();
  const reason = new PlanwrightError('RUN_BUSY', 'another window took over');
  const call = withIdleTimeout(60_000, controller.signal, () => new Promise(() => {}));
  controller.abort(reason);
  await assert.rejects(call, (thrown) => thrown === reason);
  await assert.rejects(
    withIdleTimeout(60_000, controller.signal, () => assert.fail('it must not begin')),
    (thrown) => thrown === reason,
  );
});

test('a time-out longer than a timer can be set for does not fire at once', async () => {
  const wait = new Promise((resolve) => setTimeout(() => resolve('done'), 20));
  assert.equal(await withIdleTimeout(2 ** 40, new AbortController().signal, () => wait), 'done');
});
