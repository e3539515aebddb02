import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';

export type Content = LanguageModelV4GenerateResult['content'];

const usage = {
  inputTokens: { total: 10, noCache: 6, cacheRead: 4, cacheWrite: undefined },
  outputTokens: { total: 5, text: 5, reasoning: undefined },
};

export function text(value: string): Content {
  return [{ type: 'text', text: value }];
}

export function callTool(toolName: string, input: unknown, id = `call-${toolName}`): Content {
  return [{ type: 'tool-call', toolCallId: id, toolName, input: JSON.stringify(input) }];
}

export function streamOf(parts: readonly LanguageModelV4StreamPart[]): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

export function partsOf(
  content: Content,
  unified: LanguageModelV4GenerateResult['finishReason']['unified'] = content.some(({ type }) => type === 'tool-call')
    ? 'tool-calls'
    : 'stop',
): LanguageModelV4StreamPart[] {
  return [
    { type: 'stream-start', warnings: [] },
    ...content.flatMap((part, i): LanguageModelV4StreamPart[] => {
      const id = String(i);
      if (part.type === 'text') {
        return [
          { type: 'text-start', id },
          { type: 'text-delta', id, delta: part.text },
          { type: 'text-end', id },
        ];
      }
      return part.type === 'tool-call' ? [part] : [];
    }),
    { type: 'finish', finishReason: { unified, raw: undefined }, usage },
  ];
}

export interface ScriptedModel extends LanguageModelV4 {
  /** Every call so far. */
  readonly calls: readonly LanguageModelV4CallOptions[];
}

/** A model that streams what the script says; `n` counts its calls from 1. */
export function scriptedModel(
  script: (n: number, options: LanguageModelV4CallOptions) => Content | LanguageModelV4StreamPart[],
): ScriptedModel {
  const calls: LanguageModelV4CallOptions[] = [];
  return {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'scripted',
    supportedUrls: {},
    calls,
    doGenerate: () => Promise.reject(new Error('This model only streams.')),
    async doStream(options) {
      calls.push(options);
      const said = script(calls.length, options);
      const isStream = said.some(
        (part) => part.type === 'finish' || part.type === 'error' || part.type === 'text-start',
      );
      return { stream: streamOf(isStream ? (said as LanguageModelV4StreamPart[]) : partsOf(said as Content)) };
    },
  };
}
