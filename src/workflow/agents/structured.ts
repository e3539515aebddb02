import type { JSONSchema7, LanguageModelV4 } from '@ai-sdk/provider';
import {
  isStepCount,
  type ModelMessage,
  Output,
  type ToolChoice,
  ToolChoiceViolationError,
  ToolLoopAgent,
  type ToolSet,
} from 'ai';
import { z } from 'zod';
import { type ErrorCode, PlanwrightError } from '../errors.ts';
import { defaultContextTokens, withinBudget } from './contextBudget.ts';
import { reasonOf } from './idleTimeout.ts';
import { jsonObjectIn } from './jsonInText.ts';

export interface Topic<T> {
  readonly model: LanguageModelV4;
  readonly instructions: string;
  readonly tools: ToolSet;
  readonly schema: z.ZodType<T>;
  /** Model calls until an answer is due, repairs not counted; anew with each thing said. */
  readonly stepLimit: number;
  readonly signal: AbortSignal;
  /** What the conversation may take; beyond it the oldest tool results are summarised. */
  readonly contextTokens?: number;
}

export interface Question<T> extends Topic<T> {
  readonly prompt: string;
}

/** What was said so far is known to whatever is said next. */
export interface Conversation<T> {
  /**
   * Says something and waits for an object: the model may use the tools, then answers; an answer that does not fit is
   * sent back with what is wrong with it, at most twice.
   * @throws PlanwrightError NONSENSE when no answer fits, with the beginning of the last one as its cause
   * @throws PlanwrightError whatever the model threw, unchanged; CANCELLED when the signal aborts
   */
  say(prompt: string): Promise<T>;
}

const MAX_REPAIRS = 2;
/** Problems named in one repair turn; a model that got everything wrong needs no full list. */
const MAX_PROBLEMS = 20;
const KEPT_CHARACTERS = 500;

/** Failures that are the run's, not a tool's or an answer's: the model is not to reason about them. */
export const fatalCodes: readonly ErrorCode[] = [
  'CANCELLED',
  'REPLAY_MISMATCH',
  'RUN_BUSY',
  'DAMAGED_DATABASE',
  'NEWER_DATABASE',
  'NO_SQLITE',
  'STORAGE',
];

/** One conversation that ends in an object, see {@link Conversation.say}. */
export function askForObject<T>(question: Question<T>): Promise<T> {
  return conversation(question).say(question.prompt);
}

export function conversation<T>(topic: Topic<T>): Conversation<T> {
  const messages: ModelMessage[] = [];
  return {
    async say(prompt) {
      messages.push({ role: 'user', content: prompt });
      let reply = await speak(topic, messages, topic.stepLimit, 'auto');

      // Still at work when the limit came: whatever it said on the way is no answer.
      if (reply.unfinished && 'problem' in jsonObjectIn(reply.text)) {
        messages.push(...reply.messages, { role: 'user', content: answerNow });
        reply = await speak(topic, messages, 1, 'none');
      }

      for (let repairs = 0; ; repairs += 1) {
        const answer = read(reply, topic.schema);
        if (!('value' in answer) && repairs === MAX_REPAIRS) throw nonsense(reply.text, answer.problems);
        messages.push(...reply.messages);
        if ('value' in answer) return answer.value;
        messages.push({ role: 'user', content: repairRequest(answer.problems) });
        reply = await speak(topic, messages, 1, 'none');
      }
    },
  };
}

interface Reply {
  readonly text: string;
  /** Cut off by the provider's own limit of an answer's length. */
  readonly cutOff: boolean;
  /** The conversation stopped while the model still wanted to use tools. */
  readonly unfinished: boolean;
  /** What to append to the conversation before it goes on. */
  readonly messages: readonly ModelMessage[];
}

async function speak<T>(
  { model, instructions, tools, schema, signal, contextTokens = defaultContextTokens }: Topic<T>,
  messages: readonly ModelMessage[],
  stepLimit: number,
  toolChoice: ToolChoice<ToolSet>,
): Promise<Reply> {
  const guarded = guardTools(tools);
  const agent = new ToolLoopAgent({
    model,
    instructions,
    tools: guarded.tools,
    toolChoice,
    stopWhen: isStepCount(stepLimit),
    // Retries are the engine's, so that they are journaled and shown.
    maxRetries: 0,
    // One at a time: the journal and the event log keep the order of the calls, on every replay.
    toolCallConcurrency: 1,
    prepareStep: ({ messages: soFar }) => {
      guarded.throwIfFatal();
      return { messages: withinBudget(soFar, contextTokens) };
    },
    output: unparsed(schema),
  });
  try {
    const result = await agent.generate({ messages: [...messages], abortSignal: signal });
    guarded.throwIfFatal();
    const { text, finishReason, toolCalls } = result.finalStep;
    if (finishReason === 'content-filter') throw filtered();
    return {
      text,
      cutOff: finishReason === 'length',
      unfinished: toolCalls.length > 0,
      messages: spoken(result.responseMessages),
    };
  } catch (error) {
    guarded.throwIfFatal();
    // Told to answer, it reached for a tool all the same: an answer that does not fit, not a failure.
    if (ToolChoiceViolationError.isInstance(error)) return { text: '', cutOff: false, unfinished: false, messages: [] };
    throw unwrapped(error, signal);
  }
}

/**
 * The schema goes along for providers that can hold an answer to it; models/ leaves it out for the others. Reading
 * the answer stays ours, so that a misfit is repaired, not thrown.
 */
function unparsed<T>(schema: z.ZodType<T>) {
  const { $schema: _, ...answer } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  const responseFormat = Promise.resolve({ type: 'json', name: 'answer', schema: answer as JSONSchema7 } as const);
  return { ...Output.text(), name: 'object', responseFormat };
}

/** An empty answer leaves an empty message, which providers refuse to read back. */
function spoken(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.filter(({ content }) => content.length > 0);
}

type Answer<T> = { readonly value: T } | { readonly problems: readonly string[] };

function read<T>({ text, cutOff }: Reply, schema: z.ZodType<T>): Answer<T> {
  const found = jsonObjectIn(text);
  if ('problem' in found) {
    return {
      problems: [
        cutOff ? 'the answer was cut off because it was too long: say the same in fewer words' : found.problem,
      ],
    };
  }
  const parsed = schema.safeParse(found.object);
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.map(({ path, message }) => `${pathOf(path)}: ${message}`) };
}

function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return '(the whole object)';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}

const answerNow =
  'The limit of steps is reached. Use no more tools: answer now with what you know, as the one JSON object described above and nothing around it.';

function repairRequest(problems: readonly string[]): string {
  const named = problems.slice(0, MAX_PROBLEMS).map((problem) => `- ${problem}`);
  const more = problems.length - named.length;
  return [
    'Your answer cannot be used:',
    ...named,
    ...(more > 0 ? [`- … ${more} more like these`] : []),
    'Answer again with the corrected JSON object only: complete, with nothing before or after it.',
  ].join('\n');
}

function nonsense(text: string, problems: readonly string[]): PlanwrightError {
  return new PlanwrightError(
    'NONSENSE',
    `The model’s answer could not be used, ${MAX_REPAIRS} corrections included: ${problems[0] ?? ''}`,
    {
      hint: 'Try again, or choose another model: small ones often cannot keep to a given form.',
      cause: text.slice(0, KEPT_CHARACTERS),
    },
  );
}

function filtered(): PlanwrightError {
  return new PlanwrightError('INVALID_REQUEST', 'The provider’s content filter stopped the answer.', {
    hint: 'Say the request in other words, or choose another model.',
  });
}

/** The SDK wraps what a model throws in errors of its own; ours is somewhere inside. */
function unwrapped(error: unknown, signal: AbortSignal): unknown {
  const seen = new Set<unknown>();
  for (let link = error; link instanceof Error && !seen.has(link); link = innerOf(link)) {
    if (link instanceof PlanwrightError) return link;
    seen.add(link);
  }
  return signal.aborted ? reasonOf(signal) : error;
}

function innerOf(error: Error): unknown {
  return (error as { lastError?: unknown }).lastError ?? error.cause;
}

/**
 * The same tools, except that a failure which is the run's ends the conversation, and that any other reaches the
 * model with its hint.
 */
function guardTools(tools: ToolSet): { readonly tools: ToolSet; readonly throwIfFatal: () => void } {
  let fatal: PlanwrightError | undefined;
  const refuse = (error: unknown): never => {
    if (!(error instanceof PlanwrightError)) throw error;
    if (fatalCodes.includes(error.code)) fatal ??= error;
    throw error.hint === undefined ? error : new Error(`${error.message} ${error.hint}`, { cause: error });
  };
  const guard = (tool: ToolSet[string]): ToolSet[string] => {
    const { execute } = tool;
    if (!execute) return tool;
    const guarded: typeof execute = (input, options) => {
      const running = execute(input, options);
      return running instanceof Promise ? running.catch(refuse) : running;
    };
    return { ...tool, execute: guarded } as ToolSet[string];
  };
  return {
    tools: Object.fromEntries(Object.entries(tools).map(([name, tool]) => [name, guard(tool)])),
    throwIfFatal: () => {
      if (fatal) throw fatal;
    },
  };
}
