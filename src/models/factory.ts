import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { AgentName } from '../workflow/engine/events.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import type { Clock, Models } from '../workflow/ports.ts';
import { say } from '../workflow/words/say.ts';
import { type CapabilityMemory, capabilitiesInMemory } from './capabilities.ts';
import { guardedFetch } from './guardedFetch.ts';
import { isLoopback } from './loopback.ts';
import { type ModelId, parseModelId } from './modelId.ts';
import { checkAgentModels, parametersFor } from './parameters.ts';

/** OpenAI's own address; `planwright.baseUrl` replaces it. */
const openAiBaseUrl = 'https://api.openai.com/v1';

export type EditorModelId = Extract<ModelId, { provider: 'vscode' }>;

export interface ModelSettings {
  /** 'demo', 'openai:<model>', 'openai-compatible:<model>', 'vscode:<vendor>/<model>', or null when none is chosen. */
  readonly modelId: string | null;
  /** Another model for an agent; empty or absent for the one above. */
  readonly agentModels?: Readonly<Partial<Record<AgentName, string>>>;
  /** What the models are asked with, by agent, as `planwright.modelParameters` has it; checked when a model is asked for. */
  readonly parameters?: unknown;
  /** What is known of servers; nothing is remembered from one call to the next without it. */
  readonly memory?: CapabilityMemory;
  /** Hears what was learned of a server, in a sentence. */
  readonly onLearned?: (text: string) => void;
  /** Has requests that begin alike meet the same cache of the provider; one a workspace. */
  readonly cacheKey?: string;
  /** Base address of an OpenAI-compatible API, with its version part ('http://127.0.0.1:11434/v1'). */
  readonly baseUrl?: string;
  /** The key saved for this origin ('https://api.openai.com'); it is sent nowhere else. */
  readonly apiKey: (origin: string) => Promise<string | undefined>;
  /** How long a server may take until it begins to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** 1 is believable, 0 does not wait. */
  readonly demoSpeed: number;
  readonly clock: Clock;
  /** Models that the editor has; absent where there is no editor. @throws PlanwrightError NO_MODEL | NO_CONSENT */
  readonly editorModel?: (id: EditorModelId) => Promise<LanguageModelV4>;
  readonly fetch?: typeof fetch;
}

/**
 * The models that the settings name. Nothing is loaded or checked until a model is asked for.
 * `for` throws PlanwrightError NO_MODEL | NO_KEY | INVALID_INPUT (an unusable base address).
 */
export function createModels(settings: ModelSettings): Models {
  return { label: settings.modelId ?? '', for: (agent) => modelFor(agent, settings) };
}

/**
 * Where the chosen model's key is sent; undefined when it needs none.
 * @throws PlanwrightError NO_MODEL | INVALID_INPUT
 */
export function keyOriginOf(modelId: string | null, baseUrl?: string): string | undefined {
  const id = parseModelId(modelId);
  return id.provider === 'demo' || id.provider === 'vscode' ? undefined : addressOf(id.provider, baseUrl).origin;
}

async function modelFor(agent: AgentName, settings: ModelSettings): Promise<LanguageModelV4> {
  checkAgentModels(settings.agentModels);
  const parameters = parametersFor(agent, settings.parameters);
  const id = parseModelId(settings.agentModels?.[agent]?.trim() || settings.modelId);
  if (id.provider === 'demo') {
    const { createDemoModel } = await import('./demo/demoModel.ts');
    return createDemoModel({ agent, speed: settings.demoSpeed, clock: settings.clock });
  }
  if (id.provider === 'vscode') {
    if (settings.editorModel) {
      const { parameterized } = await import('./parameterized.ts');
      return parameterized(await settings.editorModel(id), parameters);
    }
    throw new PlanwrightError('NO_MODEL', `“vscode:${id.vendor}/${id.model}” is a model of the editor.`, {
      hint: 'Run this in the editor, or name a model that the command line can reach.',
    });
  }
  const address = addressOf(id.provider, settings.baseUrl);
  const key = (await settings.apiKey(address.origin))?.trim() || undefined;
  const { compatibleModel, openAiModel } = await import('./openai.ts');
  const endpoint = {
    baseURL: address.href.replace(/\/+$/, ''),
    model: id.model,
    // Looked up at each call: an editor puts its proxies and certificates into the one of that moment.
    fetch: guardedFetch(settings.fetch ?? ((input, init) => globalThis.fetch(input, init)), settings.timeoutMs),
    parameters,
    memory: settings.memory ?? capabilitiesInMemory(),
    now: () => settings.clock.now(),
    ...(settings.onLearned ? { onLearned: settings.onLearned } : {}),
  };
  if (id.provider === 'openai') {
    if (key === undefined) throw noKey(address.origin);
    const cacheKey = settings.cacheKey === undefined ? undefined : `${settings.cacheKey}-${agent}`;
    return openAiModel({ ...endpoint, key, ...(cacheKey === undefined ? {} : { cacheKey }) });
  }
  if (key === undefined && !isLoopback(address)) throw noKey(address.origin);
  return compatibleModel({ ...endpoint, key });
}

/** @throws PlanwrightError INVALID_INPUT */
function addressOf(provider: 'openai' | 'openai-compatible', baseUrl: string | undefined): URL {
  const text = baseUrl?.trim() || (provider === 'openai' ? openAiBaseUrl : '');
  if (text === '') {
    throw badAddress(say`An OpenAI-compatible model needs the address of its server.`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw badAddress(say`The model’s base address is not an http:// or https:// address.`);
  }
  // The address is not repeated: a password in it does not belong into a message.
  if (url.username !== '' || url.password !== '') {
    throw badAddress(
      say`The model’s base address contains a user name or password.`,
      say`Take it out and save the key with “Planwright: Set API key…”.`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw badAddress(
      say`The model’s base address has a query or a fragment (“?” or “#”), which would end up in the middle of every request.`,
    );
  }
  return url;
}

function badAddress(message: string, hint?: string): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', message, {
    hint:
      hint ??
      say`Set planwright.baseUrl to the base of its API, usually ending in /v1, such as http://127.0.0.1:11434/v1.`,
  });
}

function noKey(origin: string): PlanwrightError {
  return new PlanwrightError('NO_KEY', `There is no API key for ${origin}.`, {
    hint: 'Run “Planwright: Set API key…”, or set OPENAI_API_KEY for the command line.',
  });
}
