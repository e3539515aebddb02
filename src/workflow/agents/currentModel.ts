import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { AgentName } from '../engine/events.ts';
import type { Models } from '../ports.ts';

/**
 * The agent's model as it is chosen at the moment of each call: a developer who mends a key, an address or the
 * choice itself while a run waits goes on with what they mended.
 * @throws PlanwrightError NO_MODEL | NO_KEY | INVALID_INPUT already here, when there is none to begin with
 */
export async function currentModel(models: Models, agent: AgentName): Promise<LanguageModelV4> {
  let latest = await models.for(agent);
  const current = async () => {
    latest = await models.for(agent);
    return latest;
  };
  return {
    specificationVersion: 'v4',
    get provider() {
      return latest.provider;
    },
    get modelId() {
      return latest.modelId;
    },
    supportedUrls: latest.supportedUrls,
    doGenerate: async (options) => (await current()).doGenerate(options),
    doStream: async (options) => (await current()).doStream(options),
  };
}
