import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { systemClock } from '../../../src/hosts/node/systemClock.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { createModels } from '../../../src/models/factory.ts';
import { demoScript, startScriptedServer } from '../../fixtures/openaiServer.ts';
import { copySample } from '../demo/sampleCopy.ts';
import { openHarness } from '../workflow/harness.ts';

/** Runs the recorded request until all four tasks are proposed, and says what came of it. */
async function runSample(t: TestContext, model?: LanguageModelV4) {
  const folder = await copySample(t);
  const opened = openHarness({
    folder,
    database: join(folder, '..', `${Date.now()}-${Math.random()}.db`),
    ...(model === undefined ? {} : { model: () => model }),
  });
  t.after(() => opened.close());
  const { id } = opened.runner.start(sampleInput, { model: 'openai-compatible:demo', workspace: 'slugs' });
  const { openGates, plan, reviews } = await opened.until(id, (view) => view.openGates.length > 0);
  opened.runner.decide(id, openGates[0]?.id ?? '', { choice: 'approve', by: 'test' });
  const view = await opened.until(id, ({ tasks }) => {
    const states = Object.values(tasks).map(({ state }) => state);
    return states.length === 4 && states.every((state) => state === 'done');
  });
  const texts = opened.book.latest(id).map(({ state }) => [state.path, state.text]);
  return { plan, scores: reviews.map(({ review }) => review.score), texts: texts.sort(), usage: view.usage };
}

test('the recorded run comes out the same over a real provider and HTTP', async (t) => {
  const server = await startScriptedServer(demoScript({ chunkCharacters: 200 }));
  t.after(server.close);
  const models = createModels({
    modelId: 'openai-compatible:demo',
    baseUrl: server.url,
    apiKey: async () => undefined,
    timeoutMs: 10_000,
    demoSpeed: 0,
    clock: systemClock,
  });
  const overHttp = await runSample(t, await models.for('planner'));
  const direct = await runSample(t);
  assert.deepEqual(overHttp.plan, direct.plan);
  assert.deepEqual(overHttp.scores, direct.scores);
  assert.deepEqual(overHttp.texts, direct.texts);
  assert.ok(overHttp.usage.outputTokens > 0);
  assert.ok(server.calls().length > 8);

  // Between the tasks of a plan too, what is sent begins byte for byte alike, as providers' caches want it.
  const first = server.calls().filter(({ body }) => body.messages.length === 2);
  const tasks = first.filter(({ body }) => /Requirements of this task:/.test(JSON.stringify(body.messages[1])));
  assert.equal(tasks.length, 4);
  const sent = tasks.map(({ body }) => JSON.stringify([body.tools, body.messages]));
  const shared = (sent[0] ?? '').slice(0, sent[0]?.indexOf('Requirements of this task:'));
  for (const text of sent) assert.ok(text.startsWith(shared), 'a task begins otherwise than the first one');
  for (const text of sent)
    t.diagnostic(`${((100 * shared.length) / text.length).toFixed(1)} % of a task's first request is shared`);
});
