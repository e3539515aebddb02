import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { tool } from 'ai';
import { z } from 'zod';
import { firstPlan } from '../../../src/models/demo/planning.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { createModels } from '../../../src/models/factory.ts';
import { mapProviderError } from '../../../src/models/providerErrors.ts';
import {
  implementerInstructions,
  plannerInstructions,
  refinerInstructions,
  reviewerInstructions,
} from '../../../src/workflow/agents/instructions.ts';
import { journaled } from '../../../src/workflow/agents/journaling.ts';
import { taskPrompt } from '../../../src/workflow/agents/prompts.ts';
import { askForObject } from '../../../src/workflow/agents/structured.ts';
import { defaultRetryPolicy } from '../../../src/workflow/engine/retry.ts';
import { defaultWeights } from '../../../src/workflow/review/criteria.ts';
import type { Plan } from '../../../src/workflow/schemas.ts';
import { startScriptedServer } from '../../fixtures/openaiServer.ts';
import { openJournal } from '../agents/journal.ts';

/**
 * Providers answer from their cache what begins, byte for byte, like an earlier request. So each call of a
 * conversation must begin with all of the one before.
 */

const schema = z.object({ done: z.boolean() });
const tools = {
  read_file: tool({
    description: 'Reads a file.',
    inputSchema: z.object({ n: z.number() }),
    execute: async ({ n }) => `line of file ${n}\n`.repeat(60),
  }),
  search_text: tool({
    description: 'Searches.',
    inputSchema: z.object({ text: z.string() }),
    execute: async () => 'none',
  }),
};

/** The bodies of the calls of one conversation that reads `files` files, as they went over the wire. */
async function conversation(t: TestContext, provider: string, files: number, contextTokens: number) {
  const server = await startScriptedServer(({ n }) =>
    n <= files
      ? [
          { kind: 'text', text: `Next is ${n}.` },
          { kind: 'toolCalls', calls: [{ id: `call_${n}`, name: 'read_file', input: { n } }] },
        ]
      : { kind: 'text', text: n === files + 1 ? '{"done":1}' : '{"done":true}' },
  );
  t.after(server.close);
  const journal = openJournal(t);
  const run = journal.pass();
  const models = createModels({
    modelId: `${provider}:scripted`,
    baseUrl: server.url,
    apiKey: async () => 'test-key',
    timeoutMs: 10_000,
    demoSpeed: 0,
    clock: journal.clock,
    cacheKey: 'workspace',
    parameters: { all: { temperature: 0.1 } },
  });
  const model = journaled(await models.for('planner'), {
    run,
    agent: 'planner',
    retry: defaultRetryPolicy,
    clock: journal.clock,
    idleTimeoutMs: 10_000,
    mapError: mapProviderError,
  });
  const answer = await askForObject({
    model,
    instructions: plannerInstructions(),
    tools,
    prompt: 'Read.',
    schema,
    stepLimit: files + 5,
    signal: run.signal,
    contextTokens,
  });
  assert.deepEqual(answer, { done: true });
  return server.calls().map(({ body }) => body);
}

/** What a cache sees of a call: what stands before the conversation, and the conversation without its end. */
function begin(body: { messages?: unknown[]; input?: unknown[]; tools: unknown }): { head: string; talk: string } {
  return { head: JSON.stringify(body.tools), talk: JSON.stringify(body.messages ?? body.input).slice(0, -1) };
}

for (const provider of ['openai', 'openai-compatible']) {
  test(`${provider}: each call begins with all of the one before, repairs too`, async (t) => {
    const calls = (await conversation(t, provider, 8, 100_000)).map(begin);
    assert.equal(calls.length, 10);
    for (const [i, { head, talk }] of calls.entries()) {
      const before = calls[i - 1];
      assert.equal(head, calls[0]?.head, 'the tools stay, in their order');
      if (before) assert.ok(talk.startsWith(before.talk), `call ${i + 1} begins otherwise than call ${i}`);
    }
  });
}

test('a long conversation is shortened seldom: what begins alike is most of what is sent', async (t) => {
  const calls = (await conversation(t, 'openai-compatible', 80, 12_000)).map(begin);
  const broken = calls.filter(({ talk }, i) => i > 0 && !talk.startsWith(calls[i - 1]?.talk ?? '')).length;
  // Each shortening frees at least three tenths of the budget, which what is said meanwhile has to fill again.
  const said = (calls.at(-1)?.talk.length ?? 0) + 80 * 60 * 17;
  assert.ok(broken >= 1, 'it was shortened at all');
  assert.ok(broken <= Math.ceil(said / (0.3 * 12_000 * 4)), `${broken} of ${calls.length} calls began anew`);
  let [sent, shared] = [0, 0];
  for (const [i, { talk }] of calls.entries()) {
    sent += talk.length;
    const before = calls[i - 1];
    if (before && talk.startsWith(before.talk)) shared += before.talk.length;
  }
  t.diagnostic(`${((100 * shared) / sent).toFixed(1)} % of what was sent began as before; ${broken} shortenings`);
  assert.ok(shared / sent > 0.75);
});

test('the prompts of two tasks of a plan differ in what is the task’s alone, at their end', () => {
  const plan: Plan = { ...firstPlan, requirements: [{ id: 'R1', text: 'Works', source: 'given' }] };
  const [one, two] = plan.tasks.map((task) => taskPrompt(sampleInput, plan, task, 'Conventions.', ['A fact.']));
  assert.ok(one !== undefined && two !== undefined);
  const shared = one.slice(0, one.indexOf('Requirements of this task:'));
  assert.ok(shared.includes('Conventions.') && shared.includes('A fact.'));
  assert.ok(two.startsWith(shared));
});

test('instructions are the same each time, and tell no time', () => {
  for (const make of [
    plannerInstructions,
    () => reviewerInstructions(defaultWeights),
    refinerInstructions,
    implementerInstructions,
  ]) {
    assert.equal(make(), make());
    assert.doesNotMatch(make().replaceAll('/draft/2020-12/', ''), /20\d\d-\d\d|\d\d:\d\d:\d\d/);
  }
});
