import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { AgentName } from '../engine/events.ts';
import { asPlanwrightError, type ErrorCode } from '../errors.ts';
import type { Models } from '../ports.ts';

/** What may come back while the run waits, as a model of the editor whose extension has not started yet. */
const passing: readonly ErrorCode[] = ['MODEL_GONE', 'NO_CONSENT'];

/**
 * The agent's model as it is chosen at the moment of each call: a developer who mends a key, an address or the
 * choice itself while a run waits goes on with what they mended. One that is not there now fails the call, not this:
 * calls can wait, and what the journal answers needs no model.
 * @throws PlanwrightError NO_MODEL | NO_KEY | INVALID_INPUT already here, when there is none to begin with
 */
export async function currentModel(models: Models, agent: AgentName): Promise<LanguageModelV4> {
  let latest: Pick<LanguageModelV4, 'provider' | 'modelId' | 'supportedUrls'>;
  try {
    latest = await models.for(agent);
  } catch (error) {
    if (!passing.includes(asPlanwrightError(error).code)) throw error;
    latest = { provider: 'none', modelId: models.label, supportedUrls: {} };
  }
  const current = async () => {
    const model = await models.for(agent);
    latest = model;
    return model;
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
