import { APICallError } from '@ai-sdk/provider';
import { z } from 'zod';
import { PlanwrightError } from '../workflow/errors.ts';
import { isLoopback } from './loopback.ts';
import { mapProviderError } from './providerErrors.ts';

/** What a server on this machine may take to say what it has, in milliseconds. */
export const LOCAL_TIMEOUT_MS = 1500;
/** The same for one elsewhere, whose address the developer gave. */
export const REMOTE_TIMEOUT_MS = 8000;
/** More than this is no list of models. */
const MOST_BYTES = 2_000_000;
/** More models than these nobody picks from. */
const MOST_MODELS = 500;
/** Models whose abilities Ollama is asked for, one by one. */
const ASKED_ABILITIES = 30;

export interface FoundModel {
  /** As its server calls it. */
  readonly name: string;
  /** Base address of the OpenAI-compatible API that has it. */
  readonly baseUrl: string;
  /** What serves it: 'Ollama', 'LM Studio', or the address. */
  readonly server: string;
  /** As '7.6B · Q4_K_M · 4.7 GB', when the server says. */
  readonly about: string;
  /** False where the server says that it calls no tools; undefined where it does not say. */
  readonly callsTools: boolean | undefined;
}

/** Where servers on this machine usually answer. Nothing else is ever looked for. */
export const localServers = [
  { server: 'Ollama', origin: 'http://127.0.0.1:11434' },
  { server: 'LM Studio', origin: 'http://127.0.0.1:1234' },
] as const;

/** Names of models are shown and written into settings: no control characters, no endless ones. */
const modelName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]+$/u);

const tagsSchema = z.object({
  models: z.array(
    z.object({
      name: modelName,
      size: z.number().optional(),
      details: z
        .object({ parameter_size: z.string().max(40), quantization_level: z.string().max(40) })
        .partial()
        .optional(),
    }),
  ),
});
const abilitiesSchema = z.object({ capabilities: z.array(z.string()).optional() });
const listSchema = z.object({ data: z.array(z.object({ id: modelName })) });

export interface DiscoveryOptions {
  readonly fetch: typeof fetch;
  readonly servers?: readonly { readonly server: string; readonly origin: string }[];
  readonly signal?: AbortSignal;
}

/**
 * The models that servers on this machine have. It asks the loopback only, and only what there is; a server that does
 * not answer, or not like one, has none. To be called when the developer agreed to it.
 */
export async function discoverLocal(options: DiscoveryOptions): Promise<FoundModel[]> {
  const { servers = localServers } = options;
  const found = await Promise.all(
    servers.map(async ({ server, origin }) => {
      if (!isLoopback(new URL(origin))) return [];
      const models =
        server === 'Ollama' ? ollamaModels(origin, options) : listedModels(`${origin}/v1`, server, options);
      return models.catch(() => []);
    }),
  );
  return found.flat();
}

/**
 * What a server of the developer's choice lists, as llama.cpp, vLLM and gateways do.
 * @param key the one saved for this address
 * @throws PlanwrightError REFUSED_CONNECTION | TIMEOUT when nothing answers there, BAD_KEY when it wants a key or another
 *   one, PROVIDER when it does not list them, or not in a form that can be read
 */
export async function modelsOf(
  baseUrl: string,
  key: string | undefined,
  options: Pick<DiscoveryOptions, 'fetch' | 'signal'>,
): Promise<FoundModel[]> {
  const base = baseUrl.trim().replace(/\/+$/, '');
  try {
    return await listedModels(base, new URL(base).host, options, key);
  } catch (error) {
    const meant = mapProviderError(error);
    if (['REFUSED_CONNECTION', 'TIMEOUT', 'BAD_KEY'].includes(meant.code)) throw meant;
    throw new PlanwrightError('PROVIDER', 'The server does not list its models.', {
      hint: 'Type the model’s name as the server calls it, and check that the address ends as the server wants it, usually in /v1.',
    });
  }
}

async function ollamaModels(origin: string, options: DiscoveryOptions): Promise<FoundModel[]> {
  const { models } = tagsSchema.parse(await askJson(`${origin}/api/tags`, options, LOCAL_TIMEOUT_MS));
  return Promise.all(
    models.slice(0, MOST_MODELS).map(async ({ name, size, details }, i): Promise<FoundModel> => {
      const abilities = i < ASKED_ABILITIES ? await ollamaAbilities(origin, name, options) : undefined;
      const about = [details?.parameter_size, details?.quantization_level, size && `${(size / 1e9).toFixed(1)} GB`];
      return {
        name,
        baseUrl: `${origin}/v1`,
        server: 'Ollama',
        about: about.filter(Boolean).join(' · '),
        callsTools: abilities?.includes('tools'),
      };
    }),
  );
}

async function ollamaAbilities(
  origin: string,
  model: string,
  options: DiscoveryOptions,
): Promise<string[] | undefined> {
  try {
    const body = JSON.stringify({ model });
    return abilitiesSchema.parse(await askJson(`${origin}/api/show`, options, LOCAL_TIMEOUT_MS, { body })).capabilities;
  } catch {
    return undefined;
  }
}

async function listedModels(
  baseUrl: string,
  server: string,
  options: Pick<DiscoveryOptions, 'fetch' | 'signal'>,
  key?: string,
): Promise<FoundModel[]> {
  const timeout = isLoopback(new URL(baseUrl)) ? LOCAL_TIMEOUT_MS : REMOTE_TIMEOUT_MS;
  const { data } = listSchema.parse(
    await askJson(`${baseUrl}/models`, options, timeout, key === undefined ? {} : { key }),
  );
  return data.slice(0, MOST_MODELS).map(({ id }) => ({ name: id, baseUrl, server, about: '', callsTools: undefined }));
}

/** One question, one answer: no redirect is followed, and no more is read than a list takes. */
async function askJson(
  url: string,
  { fetch, signal }: Pick<DiscoveryOptions, 'fetch' | 'signal'>,
  timeoutMs: number,
  { body, key }: { readonly body?: string; readonly key?: string } = {},
): Promise<unknown> {
  const tooLong = AbortSignal.timeout(timeoutMs);
  const response = await answered(fetch, url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body }),
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, tooLong]) : tooLong,
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    const { status } = response;
    throw new APICallError({ message: `It answered ${status}.`, url, requestBodyValues: {}, statusCode: status });
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('It answered at too great a length.');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** As `fetch`; a failure knows the address, as those of model calls do. */
async function answered(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (cause) {
    throw new APICallError({ message: 'Cannot connect to API', url, requestBodyValues: {}, cause });
  }
}
