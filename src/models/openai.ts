import type { LanguageModelV4 } from '@ai-sdk/provider';

export interface Endpoint {
  /** Without a trailing slash, with the version part: 'https://api.openai.com/v1'. */
  readonly baseURL: string;
  readonly model: string;
  readonly fetch: typeof fetch;
}

/**
 * A model of OpenAI, over the Responses API. Nothing is stored on the other side: a run may be resumed weeks
 * later, and then must not depend on what the server still has.
 */
export async function openAiModel({
  baseURL,
  model,
  fetch,
  key,
}: Endpoint & { readonly key: string }): Promise<LanguageModelV4> {
  const [{ createOpenAI }, { defaultSettingsMiddleware, wrapLanguageModel }] = await Promise.all([
    import('@ai-sdk/openai'),
    import('ai'),
  ]);
  return wrapLanguageModel({
    // The base address is always given: without one the SDK would send the key wherever OPENAI_BASE_URL says.
    model: createOpenAI({ baseURL, apiKey: key, fetch }).responses(model),
    middleware: defaultSettingsMiddleware({ settings: { providerOptions: { openai: { store: false } } } }),
  });
}

/** A model behind any server that speaks OpenAI's chat completions. */
export async function compatibleModel({
  baseURL,
  model,
  fetch,
  key,
}: Endpoint & { readonly key: string | undefined }): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const provider = createOpenAICompatible({
    name: 'openai-compatible',
    baseURL,
    fetch,
    includeUsage: true,
    ...(key === undefined ? {} : { apiKey: key }),
  });
  return provider.chatModel(model);
}
