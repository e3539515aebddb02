import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { tool } from 'ai';
import { z } from 'zod';
import { journaled } from '../../../src/workflow/agents/journaling.ts';
import { askForObject, type Question } from '../../../src/workflow/agents/structured.ts';
import { defaultRetryPolicy } from '../../../src/workflow/engine/retry.ts';
import { type ErrorCode, PlanwrightError } from '../../../src/workflow/errors.ts';
import { openJournal } from './journal.ts';
import { callTool, partsOf, type ScriptedModel, scriptedModel, text } from './scriptedModel.ts';

const boxSchema = z.object({ name: z.string(), sizes: z.array(z.object({ width: z.number() })) });
const good = { name: 'box', sizes: [{ width: 3 }] };

type Setting = Partial<Pick<Question<unknown>, 'tools' | 'schema' | 'stepLimit'>>;

/** The model journaled as agents use it, twice over: a second pass must find everything in the journal. */
function open(t: TestContext, model: ScriptedModel, { tools = {}, schema = boxSchema, stepLimit = 10 }: Setting = {}) {
  const journal = openJournal(t);
  const ask = () => {
    const run = journal.pass();
    const recorded = journaled(model, {
      run,
      agent: 'planner',
      retry: defaultRetryPolicy,
      clock: journal.clock,
      idleTimeoutMs: 5000,
      mapError: (error) => (error instanceof PlanwrightError ? error : new PlanwrightError('INTERNAL', String(error))),
    });
    return askForObject({
      model: recorded,
      instructions: 'Answer as {"name","sizes"}.',
      tools,
      prompt: 'Which box?',
      schema,
      stepLimit,
      signal: run.signal,
    });
  };
  return { journal, ask };
}

/** What the user, or a tool, said last before a call. */
function heard(call: LanguageModelV4CallOptions | undefined): string {
  return JSON.stringify(call?.prompt.at(-1)?.content);
}

const look = (execute: (input: { path: string }) => Promise<string>) => ({
  look: tool({ description: 'Looks.', inputSchema: z.object({ path: z.string() }), execute }),
});

test('reads a JSON answer among other words', async (t) => {
  const model = scriptedModel(() => text(`Here you are:\n\`\`\`json\n${JSON.stringify(good)}\n\`\`\``));
  assert.deepEqual(await open(t, model).ask(), good);
  assert.equal(model.calls.length, 1);
});

test('applies what the schema says, defaults and all', async (t) => {
  const lenient = z.object({ name: z.string().trim(), size: z.number().default(1) });
  const model = scriptedModel(() => text('{"name":" box ","extra":true}'));
  assert.deepEqual(await open(t, model, { schema: lenient }).ask(), { name: 'box', size: 1 });
});

test('uses tools until it knows, and replays the whole conversation for free', async (t) => {
  const paths: string[] = [];
  const tools = look(async ({ path }) => {
    paths.push(path);
    return `content of ${path}`;
  });
  const model = scriptedModel((n) =>
    n < 3 ? callTool('look', { path: `${n}.ts` }, `call-${n}`) : text(JSON.stringify(good)),
  );
  const { ask, journal } = open(t, model, { tools });
  assert.deepEqual(await ask(), good);
  assert.match(heard(model.calls[2]), /content of 2\.ts/);
  assert.deepEqual(await ask(), good);
  assert.equal(model.calls.length, 3);
  assert.equal(journal.events().length, 3);
});

test('runs tools that were called together one after the other', async (t) => {
  let running = 0;
  const order: string[] = [];
  const tools = look(async ({ path }) => {
    running += 1;
    assert.equal(running, 1);
    await new Promise((resolve) => setTimeout(resolve, path === 'slow' ? 20 : 0));
    running -= 1;
    order.push(path);
    return path;
  });
  const both = [...callTool('look', { path: 'slow' }, 'a'), ...callTool('look', { path: 'fast' }, 'b')];
  await open(
    t,
    scriptedModel((n) => (n === 1 ? both : text(JSON.stringify(good)))),
    { tools },
  ).ask();
  assert.deepEqual(order, ['slow', 'fast']);
});

test('sends an answer back with the exact problems', async (t) => {
  const bad = { name: 7, sizes: [{ width: 3 }, { width: 'wide' }] };
  const model = scriptedModel((n) => text(JSON.stringify(n === 1 ? bad : good)));
  assert.deepEqual(await open(t, model).ask(), good);
  const [, repair] = model.calls;
  assert.match(heard(repair), /- name: .*expected string/);
  assert.match(heard(repair), /- sizes\[1\]\.width: .*expected number/);
  assert.deepEqual(repair?.prompt.at(-2)?.content, [
    { type: 'text', text: JSON.stringify(bad), providerOptions: undefined },
  ]);
});

for (const [name, first, says] of [
  ['prose', text('I would rather not.'), /no JSON object/],
  ['nothing', text(''), /there was no answer/],
  ['half an object', partsOf(text('{"name":"bo'), 'length'), /cut off.*fewer words/],
] satisfies [string, ReturnType<Parameters<typeof scriptedModel>[0]>, RegExp][]) {
  test(`asks again after ${name}`, async (t) => {
    const model = scriptedModel((n) => (n === 1 ? first : text(JSON.stringify(good))));
    assert.deepEqual(await open(t, model).ask(), good);
    assert.match(heard(model.calls[1]), says);
  });
}

test('is NONSENSE after two corrections, with the beginning of the last answer', async (t) => {
  const model = scriptedModel((n) => text(`${n}: ${'blah '.repeat(500)}`));
  await assert.rejects(open(t, model).ask(), (error: PlanwrightError) => {
    assert.equal(error.code, 'NONSENSE');
    assert.match(error.hint ?? '', /another model/);
    assert.equal((error.cause as string).length, 500);
    assert.match(error.cause as string, /^3: blah/);
    return true;
  });
  assert.equal(model.calls.length, 3);
});

test('names twenty problems at most', async (t) => {
  const bad = { name: 'box', sizes: Array.from({ length: 50 }, () => ({})) };
  const model = scriptedModel((n) => text(JSON.stringify(n === 1 ? bad : good)));
  await open(t, model).ask();
  assert.match(heard(model.calls[1]), /sizes\[19\]\.width.*30 more like these/);
  assert.doesNotMatch(heard(model.calls[1]), /sizes\[20\]/);
});

test('asks for the answer when the limit of steps is reached', async (t) => {
  const model = scriptedModel((_n, { toolChoice }) =>
    toolChoice?.type === 'none'
      ? text(JSON.stringify(good))
      : [...text('Let me look.'), ...callTool('look', { path: 'a' }, `call-${_n}`)],
  );
  const { ask } = open(t, model, { tools: look(async () => 'seen'), stepLimit: 3 });
  assert.deepEqual(await ask(), good);
  assert.equal(model.calls.length, 4);
  assert.match(heard(model.calls[3]), /limit of steps/);
  assert.deepEqual(await ask(), good);
  assert.equal(model.calls.length, 4);
});

test('a model that reaches for a tool when told to answer gets its corrections too', async (t) => {
  const model = scriptedModel((n) => callTool('look', { path: 'a' }, `call-${n}`));
  await assert.rejects(open(t, model, { tools: look(async () => 'seen'), stepLimit: 1 }).ask(), { code: 'NONSENSE' });
  assert.equal(model.calls.length, 4);
});

for (const [name, tools, says] of [
  ['a tool that throws', look(() => Promise.reject(new Error('disk on fire'))), /disk on fire/],
  [
    'a tool that refuses',
    look(() => Promise.reject(new PlanwrightError('NOT_FOUND', 'No such file.', { hint: 'List the files.' }))),
    /No such file\. List the files\./,
  ],
  ['a tool that does not exist', {}, /look/],
] as const) {
  test(`${name} is an answer to the model, not the end`, async (t) => {
    const model = scriptedModel((n) => (n === 1 ? callTool('look', { path: 'a' }) : text(JSON.stringify(good))));
    assert.deepEqual(await open(t, model, { tools }).ask(), good);
    assert.match(heard(model.calls[1]), says);
  });
}

test('wrong tool input is an answer to the model, not the end', async (t) => {
  const model = scriptedModel((n) => (n === 1 ? callTool('look', { path: 7 }) : text(JSON.stringify(good))));
  assert.deepEqual(await open(t, model, { tools: look(async () => assert.fail('it must not run')) }).ask(), good);
  assert.match(heard(model.calls[1]), /path/);
});

for (const code of ['CANCELLED', 'REPLAY_MISMATCH', 'RUN_BUSY'] as const) {
  test(`${code} inside a tool ends the conversation`, async (t) => {
    const model = scriptedModel((n) => callTool('look', { path: 'a' }, `call-${n}`));
    const tools = look(() => Promise.reject(new PlanwrightError(code, 'stop')));
    await assert.rejects(open(t, model, { tools }).ask(), { code, message: 'stop' });
    assert.equal(model.calls.length, 1);
    await assert.rejects(
      open(
        t,
        scriptedModel((n) => callTool('look', { path: 'a' }, `call-${n}`)),
        { tools, stepLimit: 1 },
      ).ask(),
      { code },
    );
  });
}

for (const code of [
  'RATE_LIMIT',
  'TIMEOUT',
  'BAD_KEY',
  'QUOTA',
  'CANCELLED',
  'DEMO_ONLY_SAMPLE',
  'REPLAY_MISMATCH',
] satisfies ErrorCode[]) {
  test(`${code} from the model comes through as it is`, async (t) => {
    const error = new PlanwrightError(code, 'as it was');
    const model = scriptedModel((n) => (n === 1 ? callTool('look', { path: 'a' }) : [{ type: 'error', error }]));
    await assert.rejects(open(t, model, { tools: look(async () => 'seen') }).ask(), (thrown) => thrown === error);
  });
}

test('a filtered answer says so', async (t) => {
  await assert.rejects(
    open(
      t,
      scriptedModel(() => partsOf(text('I'), 'content-filter')),
    ).ask(),
    { code: 'INVALID_REQUEST' },
  );
});

test('a cancelled run is CANCELLED, not an error of the SDK', async (t) => {
  const tools = look(async () => {
    journal.cancel();
    return 'seen';
  });
  const { ask, journal } = open(
    t,
    scriptedModel((n) => callTool('look', { path: 'a' }, `call-${n}`)),
    { tools },
  );
  await assert.rejects(ask(), { code: 'CANCELLED' });
});

test('gives the provider the schema, and still repairs what comes', async (t) => {
  const model = scriptedModel((n) => text(n === 1 ? '{"name":"box"}' : JSON.stringify(good)));
  assert.deepEqual(await open(t, model).ask(), good);
  const format = model.calls[0]?.responseFormat;
  assert.ok(format?.type === 'json');
  assert.deepEqual(format.schema?.required, ['name', 'sizes']);
  assert.match(heard(model.calls[1]), /- sizes: /);
});
