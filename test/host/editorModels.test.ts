import assert from 'node:assert/strict';
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import * as vscode from 'vscode';
import type { App } from '../../src/app.ts';
import type { PlanwrightApi } from '../../src/extension.ts';
import { createDemoModel } from '../../src/models/demo/demoModel.ts';
import { sampleInput } from '../../src/models/demo/sample.ts';
import type { AgentName } from '../../src/workflow/engine/events.ts';

/** What test/fixtures/editorModels gives: a provider of models that answer by a script. */
interface ChatRequest {
  readonly id: string;
  readonly messages: readonly {
    readonly role: number;
    readonly content: readonly {
      readonly kind: string;
      readonly text: string;
      readonly callId?: string;
      readonly name?: string;
      readonly input?: unknown;
    }[];
  }[];
  readonly tools: readonly string[];
  readonly toolMode: number;
  readonly modelOptions: Readonly<Record<string, unknown>>;
  readonly n: number;
  readonly cancelled: boolean;
}
interface Provider {
  readonly requests: readonly ChatRequest[];
  script(next: (request: ChatRequest) => readonly unknown[] | Promise<readonly unknown[]>): void;
  keep(ids: readonly string[] | undefined): void;
}

let app: App;
let provider: Provider;
const scripted = { provider: 'vscode', vendor: 'planwright-tests', model: 'scripted-1' } as const;
const hello: LanguageModelV4Prompt = [
  { role: 'system', content: 'You greet.' },
  { role: 'user', content: [{ type: 'text', text: 'Greet the world' }] },
];
const look = { type: 'function', name: 'look', inputSchema: { type: 'object' } } as const;

async function stream(options: Partial<LanguageModelV4CallOptions> = {}): Promise<LanguageModelV4StreamPart[]> {
  const model = await app.services().editorModels.model(scripted);
  const { stream: parts } = await model.doStream({ prompt: hello, ...options });
  const all: LanguageModelV4StreamPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

async function failure(options: Partial<LanguageModelV4CallOptions> = {}) {
  const thrown = await stream(options).then(
    () => assert.fail('it should have failed'),
    (error: { code: string; message: string; hint: string; retryable: boolean }) => error,
  );
  return thrown;
}

before(async () => {
  const extension = vscode.extensions.getExtension<PlanwrightApi>('planwright.planwright');
  app = await (await extension?.activate())!.app();
  provider = await vscode.extensions.getExtension<Provider>('planwright-tests.editor-models')!.activate();
});

describe('models of the editor', () => {
  it('are listed with what the editor knows of them', async () => {
    const models = (await app.services().editorModels.list()).filter(({ vendor }) => vendor === 'planwright-tests');
    const [first] = models;
    assert.deepEqual(
      [first?.modelId, first?.name, first?.family, first?.maxInputTokens],
      ['vscode:planwright-tests/scripted-1', 'Model scripted-1', 'scripted', 64_000],
    );
  });

  it('stream text and thinking, and count tokens with their own tokenizer', async () => {
    provider.script(() => [{ thinking: 'A greeting. ' }, 'Hello ', 'big world']);
    const parts = await stream();
    const of = (type: string) => parts.flatMap((part) => (part.type === type && 'delta' in part ? [part.delta] : []));
    assert.equal(of('text-delta').join(''), 'Hello big world');
    assert.equal(of('reasoning-delta').join(''), 'A greeting. ');
    const finish = parts.at(-1);
    assert.ok(finish?.type === 'finish');
    assert.deepEqual(
      [finish.finishReason.unified, finish.usage.inputTokens.total, finish.usage.outputTokens.total],
      ['stop', 'You greet.'.split(' ').length + 'Greet the world'.split(' ').length, 5],
    );
    assert.deepEqual(finish.providerMetadata, { planwright: { tokens: 'counted' } });
  });

  it('get tools, their calls and results, and the parameters', async () => {
    provider.script(() => [{ tool: 'look', input: { path: 'b.ts' }, id: 'second' }]);
    const prompt: LanguageModelV4Prompt = [
      ...hello,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' },
          { type: 'text', text: 'Let me look.' },
          { type: 'tool-call', toolCallId: 'first', toolName: 'look', input: { path: 'a.ts' } },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-result', toolCallId: 'first', toolName: 'look', output: { type: 'text', value: 'seen a.ts' } },
        ],
      },
    ];
    const parts = await stream({ prompt, tools: [look], temperature: 0.2, maxOutputTokens: 900, reasoning: 'high' });
    const request = provider.requests.at(-1);
    assert.deepEqual(
      request?.messages.map(({ role, content }) => [
        role,
        content.map(({ kind, text, callId }) => [kind, callId, text]),
      ]),
      [
        [1, [['text', undefined, 'You greet.']]],
        [1, [['text', undefined, 'Greet the world']]],
        [
          2,
          [
            ['text', undefined, 'Let me look.'],
            ['call', 'first', ''],
          ],
        ],
        [1, [['result', 'first', 'seen a.ts']]],
      ],
    );
    assert.deepEqual([request?.tools, request?.toolMode], [['look'], vscode.LanguageModelChatToolMode.Auto]);
    assert.deepEqual(request?.modelOptions, { temperature: 0.2, max_tokens: 900, reasoning_effort: 'high' });
    const call = parts.find((part) => part.type === 'tool-call');
    assert.deepEqual(call, { type: 'tool-call', toolCallId: 'second', toolName: 'look', input: '{"path":"b.ts"}' });
    const finish = parts.at(-1);
    assert.equal(finish?.type === 'finish' && finish.finishReason.unified, 'tool-calls');
  });

  it('are stopped when the run is cancelled', async () => {
    provider.script(() => ['Hello', { wait: true }]);
    const abort = new AbortController();
    const model = await app.services().editorModels.model(scripted);
    const { stream: parts } = await model.doStream({ prompt: hello, abortSignal: abort.signal });
    const reader = parts.getReader();
    for (let part = await reader.read(); part.value?.type !== 'text-delta'; part = await reader.read());
    abort.abort();
    while (!provider.requests.at(-1)?.cancelled) await new Promise((resolve) => setTimeout(resolve, 10));
    await reader.cancel();
  });

  for (const [name, fail, code, says] of [
    ['a lack of consent', () => vscode.LanguageModelError.NoPermissions('no'), 'NO_CONSENT', /Choose model…/],
    ['a used-up quota', () => vscode.LanguageModelError.Blocked('no more today'), 'QUOTA', /no more today/],
    [
      'a model that has gone',
      () => vscode.LanguageModelError.NotFound('gone'),
      'MODEL_GONE',
      /scripted-1[\s\S]*Choose model…/,
    ],
    ['a quota told in words', () => new Error('You have exceeded your premium request quota'), 'QUOTA', /premium/],
    ['a rate limit', () => new Error('429 Too Many Requests'), 'RATE_LIMIT', /slow down/],
    ['any other failure', () => new Error('boom'), 'PROVIDER', /boom/],
  ] as const) {
    it(`say what ${name} means`, async () => {
      provider.script(() => [{ fail: fail() }]);
      const error = await failure();
      assert.equal(error.code, code);
      assert.match(`${error.message} ${error.hint}`, says);
      assert.equal(error.retryable, code === 'RATE_LIMIT' || code === 'PROVIDER');
    });
  }

  it('name what there is when the chosen one is not there', async () => {
    const of = (vendor: string, model: string) =>
      app
        .services()
        .editorModels.model({ provider: 'vscode', vendor, model })
        .catch((error) => error);
    assert.match((await of('planwright-tests', 'gpt-99')).hint, /scripted-1/);
    assert.match((await of('nobody', 'gpt-99')).hint, /planwright-tests\/scripted-1/);
    assert.equal((await of('planwright-tests', 'scripted')).modelId, 'scripted-1', 'a family will do');
  });

  it('refuse what cannot call tools before a run spends anything', async () => {
    const id = { ...scripted, model: 'toolless-1' };
    const error = await app
      .services()
      .editorModels.model(id)
      .catch((thrown) => thrown);
    assert.equal(error.code, 'INVALID_REQUEST');
    assert.match(error.message, /cannot call tools/);
  });

  it('are asked one tiny thing whenever the developer picks one, allowed before or not', async () => {
    provider.script(() => ['ready']);
    for (const _ of [1, 2]) {
      const before = provider.requests.length;
      await app.services().editorModels.allow(scripted);
      assert.equal(provider.requests.length, before + 1);
      assert.match(provider.requests.at(-1)?.messages[0]?.content[0]?.text ?? '', /ready/);
    }
    provider.script(() => [{ fail: vscode.LanguageModelError.NoPermissions('no') }]);
    const refused = await app
      .services()
      .editorModels.allow(scripted)
      .catch((thrown) => thrown);
    assert.equal(refused.code, 'NO_CONSENT');
  });

  it('have a run wait, and lose nothing, when one has gone, may not be used, or is asked too often', async () => {
    const settings = vscode.workspace.getConfiguration('planwright');
    const before = settings.get<string>('model');
    await settings.update('model', 'vscode:planwright-tests/scripted-1', vscode.ConfigurationTarget.Global);
    provider.keep(['toolless-1']);
    const { id: runId } = app.services().start(sampleInput);
    const view = () => app.feed.view(runId);
    const gate = (title: RegExp) =>
      until(() => view()?.error ?? view()?.openGates.find((open) => title.test(open.title)));
    try {
      const gone = await gate(/has no model “vscode:planwright-tests\/scripted-1”/);
      assert.ok('question' in gone, JSON.stringify(gone));
      assert.match(gone.question, /It has .*planwright-tests\/toolless-1.*Choose model….*Nothing is lost/);

      provider.keep(undefined);
      provider.script(() => [{ fail: vscode.LanguageModelError.NoPermissions('no') }]);
      app.services().decide(runId, gone.id, { choice: 'retry', by: 'test' });
      const refused = await gate(/may not use the editor’s model/);
      assert.ok('question' in refused, JSON.stringify(refused));
      assert.match(refused.question, /allow it when the editor asks; then try again/);

      let limits = 1;
      provider.script((request) =>
        limits-- > 0
          ? [{ fail: vscode.LanguageModelError.Blocked('Quota exceeded, try again in 1 s') }]
          : demoAnswers(request),
      );
      app.services().decide(runId, refused.id, { choice: 'retry', by: 'test' });
      const approval = await until(
        () => view()?.error ?? view()?.openGates.find(({ kind }) => kind === 'plan-approval'),
      );
      assert.ok('kind' in approval, JSON.stringify(approval));
      const retries = app
        .services()
        .store.events(runId, 0)
        .filter(({ event }) => event.type === 'retry');
      assert.equal(retries.length, 1);
    } finally {
      provider.keep(undefined);
      await app.services().remove(runId);
      await settings.update('model', before, vscode.ConfigurationTarget.Global);
    }
  });

  it('carry a whole run, from the plan to the proposals', async () => {
    provider.script(demoAnswers);
    const settings = vscode.workspace.getConfiguration('planwright');
    // Set again at the end: undefined would take away what the tests that follow were launched with.
    const before = settings.get<string>('model');
    await settings.update('model', 'vscode:planwright-tests/scripted-1', vscode.ConfigurationTarget.Global);
    try {
      const { id: runId } = app.services().start(sampleInput);
      const view = () => app.feed.view(runId);
      const gate = await until(() => view()?.openGates.find(({ kind }) => kind === 'plan-approval') ?? view()?.error);
      assert.ok('kind' in gate, JSON.stringify(gate));
      app.services().decide(runId, gate.id, { choice: 'approve', by: 'test' });
      const tasks = () => Object.values(view()?.tasks ?? {});
      await until(() => tasks().length === 4 && tasks().every(({ state }) => state === 'done'));
      const { usage, usageByModel } = view()!;
      assert.equal(usage.countedCalls, usage.calls);
      assert.deepEqual(Object.keys(usageByModel), ['scripted-1']);
      assert.ok(usage.inputTokens > usage.outputTokens && usage.outputTokens > 0);
      assert.ok(view()!.pendingHunks > 0);
      await app.services().remove(runId);
    } finally {
      await settings.update('model', before, vscode.ConfigurationTarget.Global);
    }
  });
});

async function until<T>(look: () => T | undefined | false | null): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Waited in vain.');
}

/** The recorded demo, asked the way the editor asks a provider. */
async function demoAnswers({ messages }: ChatRequest): Promise<readonly unknown[]> {
  const [system, ...rest] = messages;
  const names = new Map<string, string>();
  const prompt: LanguageModelV4Prompt = [
    { role: 'system', content: system?.content[0]?.text ?? '' },
    ...rest.map(({ role, content }): LanguageModelV4Prompt[number] => {
      if (role === vscode.LanguageModelChatMessageRole.Assistant) {
        return {
          role: 'assistant',
          content: content.map(({ callId, name, input, text }) => {
            if (callId === undefined || name === undefined) return { type: 'text', text };
            names.set(callId, name);
            return { type: 'tool-call', toolCallId: callId, toolName: name, input };
          }),
        };
      }
      if (content.every(({ callId }) => callId === undefined))
        return { role: 'user', content: content.map(({ text }) => ({ type: 'text', text })) };
      return {
        role: 'tool',
        content: content.map(({ callId = '', text }) => ({
          type: 'tool-result',
          toolCallId: callId,
          toolName: names.get(callId) ?? '',
          output: { type: 'text', value: text },
        })),
      };
    }),
  ];
  const clock = { now: () => 0, sleep: async () => {}, random: () => 0 };
  const { content } = await createDemoModel({ agent: agentOf(prompt), speed: 0, clock }).doGenerate({ prompt });
  return content.flatMap((part): unknown[] => {
    if (part.type === 'text') return [part.text];
    if (part.type !== 'tool-call') return [];
    return [{ tool: part.toolName, input: JSON.parse(part.input), id: part.toolCallId }];
  });
}

function agentOf([system]: LanguageModelV4Prompt): AgentName {
  const words = { planner: 'You plan', reviewer: 'You review', refiner: 'You improve', implementer: 'You carry' };
  const text = system?.role === 'system' ? system.content : '';
  const found = (Object.keys(words) as AgentName[]).find((agent) => text.startsWith(words[agent]));
  assert.ok(found, text.slice(0, 80));
  return found;
}
