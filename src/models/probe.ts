import type { LanguageModelV4, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { collectStream } from '../workflow/agents/collect.ts';

/** What a model showed when it was tried. */
export interface Probed {
  readonly streams: boolean;
  /** It called the tool it was told to call. */
  readonly callsTools: boolean;
  /** Until its answer was complete, in milliseconds. */
  readonly durationMs: number;
}

/** Room for a reasoning model to think before so short an answer. */
const MOST_TOKENS = 2000;

/**
 * Tries a model with one tiny request: does it stream, and does it call a tool? What its server refuses is learned on
 * the way, see `adapting`.
 * @throws whatever the model throws; PlanwrightError INVALID_REQUEST where the server says that it calls no tools
 */
export async function probe(model: LanguageModelV4, signal: AbortSignal, now: () => number): Promise<Probed> {
  const started = now();
  const options = {
    prompt: [
      {
        role: 'user' as const,
        content: [{ type: 'text' as const, text: 'Call the tool “ready” with the word "yes". Say nothing else.' }],
      },
    ],
    tools: [
      {
        type: 'function' as const,
        name: 'ready',
        description: 'Says that you are ready.',
        inputSchema: { type: 'object' as const, properties: { word: { type: 'string' as const } }, required: ['word'] },
      },
    ],
    maxOutputTokens: MOST_TOKENS,
    abortSignal: signal,
  };
  let streams = true;
  let result: LanguageModelV4GenerateResult;
  try {
    result = await collectStream(await model.doStream(options), () => {});
  } catch (error) {
    if (!UnsupportedFunctionalityError.isInstance(error)) throw error;
    streams = false;
    result = await model.doGenerate(options);
  }
  return { streams, callsTools: result.content.some(({ type }) => type === 'tool-call'), durationMs: now() - started };
}
