import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import * as vscode from 'vscode';
import { mapEditorModelError } from '../../../models/editorModelErrors.ts';
import { collectStream } from '../../../workflow/agents/collect.ts';
import { countedTokens } from '../../../workflow/agents/modelCall.ts';
import type { PlanwrightError } from '../../../workflow/errors.ts';
import { chatMessages, chatTools, textOfMessage } from './messages.ts';
import type { TokenCounts } from './tokenCounts.ts';

export interface EditorModelOptions {
  /** As the developer chose it: 'vscode:<vendor>/<model>'. */
  readonly label: string;
  /** What the editor shows when it asks whether Planwright may use the model. */
  readonly justification: string;
  readonly counts: TokenCounts;
  /** What to say when the model is no longer there. */
  readonly gone: () => Promise<PlanwrightError>;
}

/**
 * A model of the editor behind the SDK's interface. It streams text, thinking and tool calls. The editor reports no
 * tokens, so they are counted with the model's own tokenizer and marked so; it takes no schema, so an answer's form
 * is asked for in words and checked. Failures are PlanwrightErrors.
 */
export function editorModel(chat: vscode.LanguageModelChat, options: EditorModelOptions): LanguageModelV4 {
  const { label } = options;
  const failure = async (error: unknown): Promise<PlanwrightError> => {
    const mapped = mapEditorModelError(error, label);
    return mapped.code === 'MODEL_GONE' ? options.gone() : mapped;
  };
  async function doStream(call: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const request = requestOf(call, options);
    const cancel = cancellation(call.abortSignal);
    try {
      const response = await chat.sendRequest(request.messages, request.options, cancel.token);
      return { stream: streamOf(parts(response, request, chat, call, options), failure, cancel) };
    } catch (error) {
      cancel.dispose();
      throw call.abortSignal?.aborted ? call.abortSignal.reason : await failure(error);
    }
  }
  return {
    specificationVersion: 'v4',
    provider: `vscode.${chat.vendor}`,
    modelId: chat.id,
    supportedUrls: {},
    doStream,
    doGenerate: async (call) => collectStream(await doStream(call), () => {}),
  };
}

interface ChatRequest {
  readonly messages: vscode.LanguageModelChatMessage[];
  readonly options: vscode.LanguageModelChatRequestOptions;
}

/**
 * The editor cannot say “no tools now”. They stay declared then too: providers refuse a conversation with tool calls
 * in it whose tools are gone, and their caches keep what begins alike.
 */
function requestOf(call: LanguageModelV4CallOptions, { justification }: EditorModelOptions): ChatRequest {
  const tools = chatTools(call);
  const forced = call.toolChoice?.type === 'required' || call.toolChoice?.type === 'tool';
  const modelOptions = Object.fromEntries(
    Object.entries({
      temperature: call.temperature,
      top_p: call.topP,
      max_tokens: call.maxOutputTokens,
      reasoning_effort: call.reasoning === 'provider-default' ? undefined : call.reasoning,
    }).filter(([, value]) => value !== undefined),
  );
  return {
    messages: chatMessages(call.prompt),
    options: {
      justification,
      ...(Object.keys(modelOptions).length > 0 ? { modelOptions } : {}),
      ...(tools.length > 0
        ? {
            tools,
            toolMode: forced ? vscode.LanguageModelChatToolMode.Required : vscode.LanguageModelChatToolMode.Auto,
          }
        : {}),
    },
  };
}

/** Newer editors stream a model's thinking; their class for it is not in the API that is declared yet. */
function thinkingIn(part: unknown): string | undefined {
  const { LanguageModelThinkingPart } = vscode as unknown as {
    readonly LanguageModelThinkingPart?: new () => { readonly value: string | readonly string[] };
  };
  if (LanguageModelThinkingPart === undefined || !(part instanceof LanguageModelThinkingPart)) return undefined;
  return typeof part.value === 'string' ? part.value : part.value.join('');
}

async function* parts(
  response: vscode.LanguageModelChatResponse,
  { messages, options }: ChatRequest,
  chat: vscode.LanguageModelChat,
  { abortSignal }: LanguageModelV4CallOptions,
  { counts }: EditorModelOptions,
): AsyncGenerator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'response-metadata', modelId: chat.id };
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  let blocks = 0;
  let calls = 0;
  const spoken: string[] = [];
  const end = function* (): Generator<LanguageModelV4StreamPart> {
    if (open) yield { type: `${open.kind}-end`, id: open.id };
    open = undefined;
  };
  const say = function* (kind: 'text' | 'reasoning', delta: string): Generator<LanguageModelV4StreamPart> {
    if (open?.kind !== kind) {
      yield* end();
      blocks += 1;
      open = { kind, id: String(blocks) };
      yield { type: `${kind}-start`, id: open.id };
    }
    yield { type: `${kind}-delta`, id: open.id, delta };
  };
  for await (const part of response.stream) {
    const thinking = thinkingIn(part);
    if (thinking !== undefined) {
      if (thinking === '') continue;
      yield* say('reasoning', thinking);
      spoken.push(thinking);
    } else if (part instanceof vscode.LanguageModelTextPart) {
      yield* say('text', part.value);
      spoken.push(part.value);
    } else if (part instanceof vscode.LanguageModelToolCallPart) {
      yield* end();
      calls += 1;
      const id = part.callId || `call-${calls}`;
      const input = JSON.stringify(part.input ?? {});
      yield { type: 'tool-input-start', id, toolName: part.name };
      yield { type: 'tool-input-delta', id, delta: input };
      yield { type: 'tool-input-end', id };
      yield { type: 'tool-call', toolCallId: id, toolName: part.name, input };
      spoken.push(`${part.name} ${input}`);
    }
  }
  yield* end();
  const declared = options.tools ? [JSON.stringify(options.tools)] : [];
  const input = [...declared, ...messages.map(textOfMessage)];
  const usage = await counts.usage(chat, input, [spoken.join('')], abortSignal);
  yield {
    type: 'finish',
    finishReason: { unified: calls > 0 ? 'tool-calls' : 'stop', raw: undefined },
    usage,
    ...(usage.inputTokens.total === undefined ? {} : { providerMetadata: countedTokens }),
  };
}

function streamOf(
  source: AsyncGenerator<LanguageModelV4StreamPart>,
  failure: (error: unknown) => Promise<PlanwrightError>,
  cancel: Cancellation,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await source.next();
        if (!done) return controller.enqueue(value);
        cancel.dispose();
        controller.close();
      } catch (error) {
        cancel.dispose();
        controller.error(await failure(error));
      }
    },
    async cancel() {
      cancel.stop();
      await source.return(undefined);
    },
  });
}

interface Cancellation {
  readonly token: vscode.CancellationToken;
  stop(): void;
  dispose(): void;
}

function cancellation(signal: AbortSignal | undefined): Cancellation {
  const source = new vscode.CancellationTokenSource();
  const stop = () => source.cancel();
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const dispose = () => {
    signal?.removeEventListener('abort', stop);
    source.dispose();
  };
  return {
    token: source.token,
    stop: () => {
      stop();
      dispose();
    },
    dispose,
  };
}
