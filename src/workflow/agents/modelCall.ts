import type { LanguageModelV4Content, LanguageModelV4GenerateResult, SharedV4ProviderMetadata } from '@ai-sdk/provider';
import { z } from 'zod';

const tokens = z.number().optional();

/** Finish reasons under which an answer is kept; the others are failures. */
const keptReasons = ['stop', 'length', 'content-filter', 'tool-calls', 'other'] as const;

/** A model's answer as the journal keeps it: plain JSON, no request, no headers, no raw response. */
export const modelCallSchema = z.object({
  /** As the provider calls it. */
  model: z.string(),
  content: z.array(z.custom<LanguageModelV4Content>(isContent)),
  structuredOutputText: z.string().optional(),
  finishReason: z.object({ unified: z.enum(keptReasons), raw: z.string().optional() }),
  /** Tokens, as the provider counted them (see {@link isCounted}); absent where it did not say. */
  usage: z.object({
    inputTokens: z.object({ total: tokens, noCache: tokens, cacheRead: tokens, cacheWrite: tokens }),
    outputTokens: z.object({ total: tokens, text: tokens, reasoning: tokens }),
  }),
  warnings: z.array(z.looseObject({ type: z.string() })),
  providerMetadata: z.custom<SharedV4ProviderMetadata>(isRecord).optional(),
  durationMs: z.number(),
  /** From the call to the first piece of its answer; absent where the answer came in one. */
  firstTokenMs: z.number().optional(),
  /** Who answered, as the model's adapter calls it. */
  provider: z.string().optional(),
  /** Milliseconds since the epoch. */
  endedAt: z.number().optional(),
});
export type ModelCall = z.infer<typeof modelCallSchema>;

/** What an adapter adds to an answer whose tokens it counted itself, since the provider reports none. */
export const countedTokens: SharedV4ProviderMetadata = { planwright: { tokens: 'counted' } };

export function isCounted({ providerMetadata }: Pick<ModelCall, 'providerMetadata'>): boolean {
  return providerMetadata?.planwright?.tokens === 'counted';
}

export function recordOf(
  result: LanguageModelV4GenerateResult,
  about: Pick<ModelCall, 'model' | 'provider' | 'durationMs' | 'firstTokenMs' | 'endedAt'>,
): ModelCall {
  const { content, structuredOutputText, finishReason, usage, warnings, providerMetadata } = result;
  // Through JSON, so that the first pass sees exactly what a replay will.
  return modelCallSchema.parse(
    JSON.parse(
      JSON.stringify({
        ...about,
        content,
        structuredOutputText,
        finishReason,
        usage,
        warnings,
        providerMetadata,
      }),
    ),
  );
}

export function resultOf(call: ModelCall): LanguageModelV4GenerateResult {
  const { inputTokens, outputTokens } = call.usage;
  return {
    content: call.content,
    finishReason: { unified: call.finishReason.unified, raw: call.finishReason.raw },
    usage: {
      inputTokens: {
        total: inputTokens.total,
        noCache: inputTokens.noCache,
        cacheRead: inputTokens.cacheRead,
        cacheWrite: inputTokens.cacheWrite,
      },
      outputTokens: { total: outputTokens.total, text: outputTokens.text, reasoning: outputTokens.reasoning },
    },
    // The journal has them; handed on, the SDK would print them to the console.
    warnings: [],
    ...(call.structuredOutputText === undefined ? {} : { structuredOutputText: call.structuredOutputText }),
    ...(call.providerMetadata === undefined ? {} : { providerMetadata: call.providerMetadata }),
  };
}

function isContent(value: unknown): boolean {
  return isRecord(value) && typeof value.type === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
