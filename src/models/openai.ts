import type { LanguageModelV4 } from '@ai-sdk/provider';
import { type Adaptable, adapting } from './adapting.ts';
import type { CapabilityMemory } from './capabilities.ts';
import { parameterized } from './parameterized.ts';
import type { ModelParameters } from './parameters.ts';

export interface Endpoint {
  /** Without a trailing slash, with the version part: 'https://api.openai.com/v1'. */
  readonly baseURL: string;
  readonly model: string;
  readonly fetch: typeof fetch;
  readonly parameters: ModelParameters;
  readonly memory: CapabilityMemory;
  readonly now: () => number;
  readonly onLearned?: (text: string) => void;
}

/**
 * A model of OpenAI, over the Responses API. Nothing is stored on the other side: a run may be resumed weeks
 * later, and then must not depend on what the server still has.
 * @param cacheKey has requests that begin alike meet the same cache
 */
export async function openAiModel(
  endpoint: Endpoint & { readonly key: string; readonly cacheKey?: string },
): Promise<LanguageModelV4> {
  const { baseURL, model, fetch, key, cacheKey } = endpoint;
  const [{ createOpenAI }, ai] = await Promise.all([import('@ai-sdk/openai'), import('ai')]);
  // The base address is always given: without one the SDK would send the key wherever OPENAI_BASE_URL says.
  const provider = createOpenAI({ baseURL, apiKey: key, fetch });
  return withParameters(endpoint, {
    always: cacheKey === undefined ? [] : ['cacheKey'],
    schemaWithTools: true,
    make: (without) =>
      ai.wrapLanguageModel({
        model: provider.responses(model),
        middleware: ai.defaultSettingsMiddleware({
          settings: {
            providerOptions: {
              openai: {
                store: false,
                // Strict schemas know no optional property, and ours have some.
                strictJsonSchema: false,
                ...(cacheKey === undefined || without.has('cacheKey') ? {} : { promptCacheKey: cacheKey }),
              },
            },
          },
        }),
      }),
  });
}

/** A model behind any server that speaks OpenAI's chat completions. */
export async function compatibleModel(
  endpoint: Endpoint & { readonly key: string | undefined },
): Promise<LanguageModelV4> {
  const { baseURL, model, fetch, key } = endpoint;
  const [{ createOpenAICompatible }, ai] = await Promise.all([import('@ai-sdk/openai-compatible'), import('ai')]);
  return withParameters(endpoint, {
    always: ['usageInStream'],
    // llama.cpp, Ollama and vLLM hold every answer to the schema, a tool call too.
    schemaWithTools: false,
    make: (without) =>
      ai.wrapLanguageModel({
        model: createOpenAICompatible({
          name: 'openai-compatible',
          baseURL,
          fetch,
          includeUsage: !without.has('usageInStream'),
          supportsStructuredOutputs: true,
          ...(without.has('maxTokensName') ? { transformRequestBody: renameMaxTokens } : {}),
          ...(key === undefined ? {} : { apiKey: key }),
        }).chatModel(model),
        middleware: ai.defaultSettingsMiddleware({
          settings: { providerOptions: { openaiCompatible: { strictJsonSchema: false } } },
        }),
      }),
  });
}

/** What the developer set for the agent, over a model that leaves out what its server refuses. */
function withParameters(
  { baseURL, model, memory, now, onLearned, parameters }: Endpoint,
  how: Pick<Adaptable, 'make' | 'always' | 'schemaWithTools'>,
): Promise<LanguageModelV4> {
  return parameterized(
    adapting({ baseUrl: baseURL, model, memory, now, ...(onLearned ? { onLearned } : {}), ...how }),
    parameters,
  );
}

function renameMaxTokens({ max_tokens, ...body }: Record<string, unknown>): Record<string, unknown> {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens };
}
