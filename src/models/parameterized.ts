import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ModelParameters } from './parameters.ts';

/** The model, asked with these parameters where a call does not say otherwise. */
export async function parameterized(
  model: LanguageModelV4,
  { reasoningEffort, ...settings }: ModelParameters,
): Promise<LanguageModelV4> {
  if (reasoningEffort === undefined && Object.keys(settings).length === 0) return model;
  const { defaultSettingsMiddleware, wrapLanguageModel } = await import('ai');
  return wrapLanguageModel({
    model,
    middleware: defaultSettingsMiddleware({
      settings: { ...settings, ...(reasoningEffort === undefined ? {} : { reasoning: reasoningEffort }) },
    }),
  });
}
