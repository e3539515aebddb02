import { APICallError, type LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { PlanwrightError } from '../workflow/errors.ts';
import type { Refusable } from './capabilities.ts';

/** Statuses of a request that is not as the server wants it. */
const REFUSALS = [400, 404, 422, 500, 501];
/** More of an answer than this says nothing about why. */
const READ_CHARACTERS = 4000;

/** How the parameters are called on the wire, in chat completions and in responses. */
const wireNames: Readonly<Record<Refusable, RegExp>> = {
  temperature: /\btemperature\b/,
  topP: /\btop_p\b/,
  reasoning: /\breasoning(_effort|\.effort|\.summary)?\b/,
  maxTokensName: /\bmax_tokens\b[\s\S]*\bmax_completion_tokens\b/,
  maxOutputTokens: /\bmax_(completion_|output_)?tokens\b/,
  schema: /\bresponse_format\b|\bjson_schema\b|\btext\.format\b|\bgrammar\b/,
  usageInStream: /\bstream_options\b|\binclude_usage\b/,
  cacheKey: /\bprompt_cache_key\b/,
};

const refusedWords =
  /unsupported|support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|not allowed|not accept|not (a )?valid|invalid (param|arg|field|option|key)|deprecated|cannot be used/i;
/** The parameter is taken; its value is not. Leaving it out would hide what the developer has to correct. */
const valueWords =
  /must be|out of range|between|at (least|most)|(less|greater|smaller|larger) than|too (large|high|low|small|big)|exceed|maximum|minimum|supported values are|one of/i;

/**
 * Which parameter a server refused, of those that were sent; undefined for any other failure, and for a value that
 * is wrong where the parameter itself is taken.
 */
export function refusedParameter(error: unknown, sent: readonly Refusable[]): Refusable | undefined {
  const said = saidBy(error);
  if (said === undefined) return undefined;
  if (sent.includes('maxTokensName') && wireNames.maxTokensName.test(said.text)) return 'maxTokensName';
  const named = sent.find((name) => wireNames[name].test(said.param));
  const found = named ?? sent.find((name) => wireNames[name].test(said.text));
  // A server that cannot keep to a schema says so in many ways; each means that it is to be asked in words.
  if (found === undefined || found === 'schema' || found === 'usageInStream' || found === 'cacheKey') return found;
  return refusedWords.test(said.text) && !valueWords.test(said.text) ? found : undefined;
}

/** The server takes no request for a stream. */
export function refusesStream(error: unknown): boolean {
  const said = saidBy(error);
  if (said === undefined) return false;
  const about = said.param === 'stream' || /\bstream(ing)?\b(?!_options)/i.test(said.text);
  return about && refusedWords.test(said.text);
}

const toolWords =
  /support(s|ed|ing)?( for)? tool|tool(s| use| calls?| calling|_choice)?\b.{0,60}(not support|unsupported|not enabled|not available|requires)|(not support|unsupported|requires).{0,60}\b(tools?|functions?)\b|--jinja|--enable-auto-tool-choice|function call/i;

/** The model, or the server as it is started, cannot call tools, without which agents see and change nothing. */
export function refusesTools(error: unknown, { tools }: Pick<LanguageModelV4CallOptions, 'tools'>): boolean {
  if (tools === undefined || tools.length === 0) return false;
  const said = saidBy(error);
  return said !== undefined && toolWords.test(said.text);
}

export function noTools(model: string, baseUrl: string): PlanwrightError {
  return new PlanwrightError(
    'INVALID_REQUEST',
    `The model “${model}” at ${new URL(baseUrl).origin} cannot call tools.`,
    {
      hint: 'Agents read and edit files through tools. Choose a model that calls tools; vLLM must be started with --enable-auto-tool-choice and a --tool-call-parser, llama.cpp with --jinja.',
    },
  );
}

function saidBy(error: unknown): { readonly param: string; readonly text: string } | undefined {
  if (!APICallError.isInstance(error) || error.statusCode === undefined) return undefined;
  if (!REFUSALS.includes(error.statusCode)) return undefined;
  const { param } = (error.data as { error?: { param?: unknown } } | undefined)?.error ?? {};
  return {
    param: typeof param === 'string' ? param : '',
    text: `${error.message}\n${(error.responseBody ?? '').slice(0, READ_CHARACTERS)}`,
  };
}
