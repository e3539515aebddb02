import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LanguageModelV4Message, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { changeRequest, demoChangeRequest } from '../../../src/models/demo/changeRequest.ts';
import { createDemoModel } from '../../../src/models/demo/demoModel.ts';
import { firstPlan, planning } from '../../../src/models/demo/planning.ts';
import { sampleInput } from '../../../src/models/demo/sample.ts';
import { planDraftSchema, planOf } from '../../../src/workflow/agents/drafts.ts';
import {
  changePrompt,
  planningPrompt,
  refinementPrompt,
  reviewPrompt,
  taskPrompt,
} from '../../../src/workflow/agents/prompts.ts';
import type { AgentName } from '../../../src/workflow/engine/events.ts';
import { PlanwrightError } from '../../../src/workflow/errors.ts';
import type { Clock } from '../../../src/workflow/ports.ts';
import { defaultWeights } from '../../../src/workflow/review/criteria.ts';
import { computeReview } from '../../../src/workflow/review/scoring.ts';

const plan = planOf(planDraftSchema.parse(firstPlan), sampleInput);
const review = computeReview([], [], defaultWeights, 80);
const digest = 'Workspace: slugs';
const task = plan.tasks[2] ?? assert.fail('the plan has a third task');
const planPrompt = planningPrompt(sampleInput, digest, []);
const implementPrompt = taskPrompt(sampleInput, plan, task, '', []);

test('streams words, then tool calls as they are written, then why it stopped', async () => {
  const parts = await stream('planner', prompt(planPrompt));
  const kinds = parts.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  assert.deepEqual(kinds.slice(0, 5), ['stream-start', 'response-metadata', 'text-start', 'text-delta', 'text-end']);
  assert.equal(kinds.at(-1), 'finish');
  const calls = parts.filter((part) => part.type === 'tool-call');
  assert.deepEqual(
    calls.map(({ toolName, input }) => [toolName, JSON.parse(input)]),
    [
      ['list_files', {}],
      ['read_file', { path: 'AGENTS.md' }],
      ['read_file', { path: 'package.json' }],
    ],
  );
  for (const call of calls) {
    const written = parts.flatMap((part) =>
      part.type === 'tool-input-delta' && part.id === call.toolCallId ? [part.delta] : [],
    );
    assert.equal(written.join(''), call.input);
  }
  assert.equal(finishOf(parts).finishReason.unified, 'tool-calls');
});

test('answers turn by turn until the plan is there, with tool call ids that never repeat', async () => {
  const messages = prompt(planPrompt);
  const ids: string[] = [];
  let said = '';
  for (let turn = 0; turn < planning.length; turn++) {
    const { content, finishReason } = await model('planner').doGenerate({ prompt: messages });
    assert.equal(finishReason.unified, turn === planning.length - 1 ? 'stop' : 'tool-calls');
    said = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const calls = content.filter((part) => part.type === 'tool-call');
    ids.push(...calls.map(({ toolCallId }) => toolCallId));
    messages.push({ role: 'assistant', content: calls.map((part) => ({ ...part, input: JSON.parse(part.input) })) });
    messages.push({ role: 'tool', content: calls.map((part) => result(part, 'src/slug.ts\nsrc/index.ts')) });
  }
  assert.deepEqual(JSON.parse(said), firstPlan);
  assert.equal(new Set(ids).size, ids.length);
  await refuses(model('planner').doGenerate({ prompt: messages }), /only 4 answers recorded for planner/);
});

test('tells reviews, refinements and tasks apart by the markers in their prompts', async () => {
  const firstWords = async (agent: AgentName, text: string) =>
    (await stream(agent, prompt(text))).flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []))[0];
  assert.equal(await firstWords('reviewer', reviewPrompt(sampleInput, plan, [], 0)), 'demo-reviewer-0-0-0');
  assert.equal(await firstWords('reviewer', reviewPrompt(sampleInput, plan, [], 1)), 'demo-reviewer-1-0-0');
  assert.equal(await firstWords('refiner', refinementPrompt(sampleInput, plan, review, 1)), 'demo-refiner-1-0-0');
  assert.equal(await firstWords('implementer', implementPrompt), 'demo-implementer-T3-0-0');
});

test('makes the one change it knows, however it is capitalised', async () => {
  const asked = (feedback: string, path: string = demoChangeRequest.path) =>
    prompt(changePrompt(implementPrompt, 'T3-1-1', path, 'the hunk', feedback));
  const parts = await stream('implementer', asked(`  ${demoChangeRequest.feedback.toUpperCase()}. `));
  assert.ok(parts.some((part) => part.type === 'tool-call' && part.toolCallId === 'demo-implementer-T3-change-0-0'));
  const { content } = await model('implementer').doGenerate({
    prompt: [...asked(demoChangeRequest.feedback), ...turns(1)],
  });
  const edits = changeRequest
    .flatMap((turn) => (turn.kind === 'act' ? turn.calls : []))
    .filter(({ tool }) => tool === 'edit_file');
  assert.deepEqual(
    content.flatMap((part) => (part.type === 'tool-call' ? [JSON.parse(part.input)] : [])),
    edits.map(({ input }) => input),
  );
  const names = new RegExp(demoChangeRequest.feedback);
  await refuses(model('implementer').doStream({ prompt: asked('Use a Map') }), names);
  await refuses(
    model('implementer').doStream({ prompt: asked(`${demoChangeRequest.feedback}\nand rename it`) }),
    names,
  );
  await refuses(model('implementer').doStream({ prompt: asked(demoChangeRequest.feedback, 'src/slug.ts') }), names);
});

test('refuses whatever it has no recording for, and says why', async () => {
  const other = planningPrompt({ ...sampleInput, request: 'Add dark mode' }, digest, []);
  await refuses(model('planner').doStream({ prompt: prompt(other) }), /only knows the sample request/);
  const fewer = planningPrompt({ ...sampleInput, requirements: sampleInput.requirements.slice(0, 2) }, digest, []);
  await refuses(model('planner').doStream({ prompt: prompt(fewer) }), /this one is missing: “A registry/);
  const more = planningPrompt(
    { ...sampleInput, requirements: [...sampleInput.requirements, 'Fold Greek'] },
    digest,
    [],
  );
  await refuses(model('planner').doStream({ prompt: prompt(more) }), /one more: R5/);
  const elsewhere = [...prompt(planPrompt), ...listed('README.md')];
  await refuses(model('planner').doStream({ prompt: elsewhere }), /no src\/slug.ts here/);
  const done = [...prompt(planPrompt), ...listed('src/registry.ts\nsrc/slug.ts')];
  await refuses(model('planner').doStream({ prompt: done }), /Take a fresh copy/);
  const late = prompt(reviewPrompt(sampleInput, plan, [], 2));
  await refuses(model('reviewer').doStream({ prompt: late }), /round 2 of the reviewer/);
  const again = prompt(refinementPrompt(sampleInput, plan, review, 2));
  await refuses(model('refiner').doStream({ prompt: again }), /round 2 of the refiner/);
  const words = prompt(refinementPrompt(sampleInput, plan, review, 1, 'Make it shorter'));
  await refuses(model('refiner').doStream({ prompt: words }), /your own words/);
  const unplanned = prompt(taskPrompt(sampleInput, plan, { ...task, id: 'T9' }, '', []));
  await refuses(model('implementer').doStream({ prompt: unplanned }), /nothing recorded for task T9/);
});

test('counts tokens as characters of the actual prompt and output, four to one', async () => {
  const messages = prompt(planPrompt);
  const parts = await stream('planner', messages);
  const written = parts.reduce((sum, part) => sum + ('delta' in part ? part.delta.length : 0), 0);
  const { usage } = finishOf(parts);
  assert.equal(usage.inputTokens.total, Math.ceil(('Plan.'.length + planPrompt.length) / 4));
  assert.equal(usage.outputTokens.total, Math.ceil(written / 4));
  const longer = finishOf(await stream('planner', [...messages, ...listed('src/slug.ts')])).usage;
  assert.ok((longer.inputTokens.total ?? 0) > (usage.inputTokens.total ?? 0));
});

test('writes about 400 characters a second at speed 1, twice as many at 2, and never waits at 0', async () => {
  const took = async (speed: number) => {
    const clock = fakeClock();
    const parts = await stream('planner', [...prompt(planPrompt), ...turns(3)], { clock, speed });
    const written = parts.reduce((sum, part) => sum + ('delta' in part ? part.delta.length : 0), 0);
    return { ms: clock.now(), written };
  };
  const { ms, written } = await took(1);
  assert.ok(Math.abs(ms - (600 + (written / 400) * 1000)) < 1, `${ms} ms for ${written} characters`);
  assert.ok(Math.abs((await took(2)).ms - ms / 2) < 1);
  assert.equal((await took(0)).ms, 0);
});

test('stops with the reason of the abort signal, in the middle of a word', async () => {
  for (const speed of [0, 1]) {
    const abort = new AbortController();
    const { stream } = await model('planner', { speed }).doStream({
      prompt: prompt(planPrompt),
      abortSignal: abort.signal,
    });
    const reader = stream.getReader();
    let part = await reader.read();
    while (part.value?.type !== 'text-delta') part = await reader.read();
    abort.abort(new Error('enough'));
    await assert.rejects(async () => {
      for (;;) if ((await reader.read()).done) return;
    }, /enough/);
  }
});

test('stops waiting at once when it is aborted between two words', async () => {
  const abort = new AbortController();
  const clock: Clock = {
    now: () => 0,
    random: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
        abort.abort(new Error('enough'));
      }),
  };
  await assert.rejects(
    async () =>
      model('planner', { clock, speed: 1 }).doGenerate({ prompt: prompt(planPrompt), abortSignal: abort.signal }),
    /enough/,
  );
});

test('does not start once it is aborted', async () => {
  const abortSignal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(async () => model('planner').doStream({ prompt: prompt(planPrompt), abortSignal }), /enough/);
});

interface Options {
  readonly clock?: Clock;
  readonly speed?: number;
}

function model(agent: AgentName, { clock = fakeClock(), speed = 0 }: Options = {}) {
  return createDemoModel({ agent, speed, clock });
}

async function stream(agent: AgentName, messages: LanguageModelV4Prompt, options: Options = {}) {
  const { stream } = await model(agent, options).doStream({ prompt: messages });
  const parts: LanguageModelV4StreamPart[] = [];
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value);
  return parts;
}

/** A clock that moves only while somebody sleeps. */
function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    random: () => 0,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

function prompt(text: string): LanguageModelV4Prompt {
  return [
    { role: 'system', content: 'Plan.' },
    { role: 'user', content: [{ type: 'text', text }] },
  ];
}

/** So many answers of the model, without anything in them. */
function turns(count: number): LanguageModelV4Message[] {
  return Array.from({ length: count }, () => ({ role: 'assistant', content: [] }));
}

/** A turn in which the model listed the files. */
function listed(files: string): LanguageModelV4Message[] {
  const call = { toolCallId: 'list', toolName: 'list_files' };
  return [
    { role: 'assistant', content: [{ type: 'tool-call', ...call, input: {} }] },
    { role: 'tool', content: [result(call, files)] },
  ];
}

function result({ toolCallId, toolName }: { toolCallId: string; toolName: string }, value: string) {
  return { type: 'tool-result' as const, toolCallId, toolName, output: { type: 'text' as const, value } };
}

function finishOf(parts: readonly LanguageModelV4StreamPart[]) {
  const last = parts.at(-1);
  assert.ok(last?.type === 'finish');
  return last;
}

function refuses(call: PromiseLike<unknown>, why: RegExp): Promise<void> {
  return assert.rejects(Promise.resolve(call), (error: unknown) => {
    assert.ok(error instanceof PlanwrightError);
    assert.equal(error.code, 'DEMO_ONLY_SAMPLE');
    assert.match(error.message, why);
    assert.match(error.hint ?? '', /Planwright: Choose model/);
    return true;
  });
}
