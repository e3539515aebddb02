import { z } from 'zod';

/** What a server may refuse and a call can do without, by our own names. */
export const refusable = [
  'temperature',
  'topP',
  'reasoning',
  /** Calls the limit of an answer 'max_completion_tokens' instead of 'max_tokens'. */
  'maxTokensName',
  'maxOutputTokens',
  'schema',
  'usageInStream',
  'cacheKey',
] as const;
export type Refusable = (typeof refusable)[number];

/** What is known of one model of one server. */
export const capabilitiesSchema = z.object({
  refused: z.array(z.enum(refusable)).default([]),
  /** Absent while nobody has seen it. */
  streams: z.boolean().optional(),
  callsTools: z.boolean().optional(),
  /** When the last of it was learned, in milliseconds since the epoch. */
  at: z.number(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** Where what is known of models is kept; the key is a server's base address and a model's name. */
export interface CapabilityMemory {
  get(baseUrl: string, model: string): Capabilities | undefined;
  set(baseUrl: string, model: string, known: Capabilities): void;
}

/** Servers are updated: what was learned longer ago is learned again, in milliseconds. */
export const CAPABILITIES_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** For tests, and hosts that keep nothing. */
export function capabilitiesInMemory(): CapabilityMemory {
  const known = new Map<string, Capabilities>();
  return {
    get: (baseUrl, model) => known.get(`${baseUrl}\n${model}`),
    set: (baseUrl, model, capabilities) => void known.set(`${baseUrl}\n${model}`, capabilities),
  };
}
