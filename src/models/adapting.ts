import {
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4StreamPart,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { CAPABILITIES_KEPT_MS, type Capabilities, type CapabilityMemory, type Refusable } from './capabilities.ts';
import { noTools, refusedParameter, refusesStream, refusesTools } from './refusals.ts';

export interface Adaptable {
  readonly baseUrl: string;
  readonly model: string;
  readonly memory: CapabilityMemory;
  readonly now: () => number;
  /** The model as its provider has it, without what is refused. */
  readonly make: (without: ReadonlySet<Refusable>) => LanguageModelV4;
  /** What each call carries beside what its options say. */
  readonly always: readonly Refusable[];
  /**
   * False for servers that hold every answer to the schema, so that the model would never call a tool: it is sent
   * where no tool can be called.
   */
  readonly schemaWithTools: boolean;
  /** Hears what was learned, in a sentence. */
  readonly onLearned?: (text: string) => void;
}

/**
 * A model of a server that nobody knows yet. What it refuses is left out, the call made once more without it, and
 * that remembered once it worked; each parameter is left out once at most, so a call ends after a few requests
 * whatever the server says. A server that does not stream is asked for whole answers.
 */
export function adapting(adaptable: Adaptable): LanguageModelV4 {
  const { baseUrl, model, memory, now, make, onLearned } = adaptable;
  const known = (): Capabilities => {
    const found = memory.get(baseUrl, model);
    return found && now() - found.at < CAPABILITIES_KEPT_MS ? found : { refused: [], at: now() };
  };
  const learn = (change: Partial<Capabilities>): void =>
    memory.set(baseUrl, model, { ...known(), ...change, at: now() });

  async function attempt<T>(
    call: LanguageModelV4CallOptions,
    send: (to: LanguageModelV4, options: LanguageModelV4CallOptions) => PromiseLike<T>,
  ): Promise<T> {
    const left: Refusable[] = [];
    for (;;) {
      const refused = new Set([...known().refused, ...left]);
      const options = without(call, refused, adaptable.schemaWithTools);
      try {
        const answer = await send(make(refused), options);
        if (left.length > 0) {
          learn({ refused: [...refused] });
          onLearned?.(`${model} at ${baseUrl} does not take ${left.join(', ')}: left out from now on.`);
        }
        return answer;
      } catch (error) {
        const sent = [...sentBy(options), ...adaptable.always].filter((name) => !refused.has(name));
        const parameter = refusedParameter(error, sent);
        if (parameter !== undefined) left.push(parameter);
        else if (refusesTools(error, options)) throw learnsNoTools();
        else throw error;
      }
    }
  }

  function learnsNoTools() {
    learn({ callsTools: false });
    return noTools(model, baseUrl);
  }

  function learnsNoStream(): UnsupportedFunctionalityError {
    learn({ streams: false });
    onLearned?.(`${model} at ${baseUrl} does not stream: it is asked for whole answers from now on.`);
    return new UnsupportedFunctionalityError({ functionality: 'streaming' });
  }

  return {
    specificationVersion: 'v4',
    provider: make(new Set()).provider,
    modelId: model,
    supportedUrls: {},
    doGenerate: (call) => attempt(call, (to, options) => to.doGenerate(options)),
    async doStream(call) {
      if (known().streams === false) throw new UnsupportedFunctionalityError({ functionality: 'streaming' });
      try {
        const result = await attempt(call, (to, options) => to.doStream(options));
        return { ...result, stream: result.stream.pipeThrough(whenToolIsCalled(sawTool)) };
      } catch (error) {
        throw streamedNot(error) || refusesStream(error) ? learnsNoStream() : error;
      }
    },
  };

  function sawTool(): void {
    if (known().callsTools !== true) learn({ callsTools: true, streams: true });
  }
}

/** A whole answer came where a stream was asked for. */
function streamedNot(error: unknown): boolean {
  return UnsupportedFunctionalityError.isInstance(error) && error.functionality === 'streaming';
}

/** The parameters a call carries that it could do without. */
function sentBy(options: LanguageModelV4CallOptions): Refusable[] {
  const sent: Readonly<Partial<Record<Refusable, boolean>>> = {
    temperature: options.temperature !== undefined,
    topP: options.topP !== undefined,
    reasoning: options.reasoning !== undefined && options.reasoning !== 'provider-default',
    maxTokensName: options.maxOutputTokens !== undefined,
    maxOutputTokens: options.maxOutputTokens !== undefined,
    schema: options.responseFormat?.type === 'json',
  };
  return (Object.keys(sent) as Refusable[]).filter((name) => sent[name]);
}

function without(
  call: LanguageModelV4CallOptions,
  refused: ReadonlySet<Refusable>,
  schemaWithTools: boolean,
): LanguageModelV4CallOptions {
  const { temperature, topP, reasoning, maxOutputTokens, responseFormat, ...rest } = call;
  const canCallTools = (call.tools?.length ?? 0) > 0 && call.toolChoice?.type !== 'none';
  const takesSchema = !refused.has('schema') && (schemaWithTools || !canCallTools);
  return {
    ...rest,
    ...(temperature === undefined || refused.has('temperature') ? {} : { temperature }),
    ...(topP === undefined || refused.has('topP') ? {} : { topP }),
    ...(reasoning === undefined || refused.has('reasoning') ? {} : { reasoning }),
    ...(maxOutputTokens === undefined || refused.has('maxOutputTokens') ? {} : { maxOutputTokens }),
    ...(responseFormat === undefined || (responseFormat.type === 'json' && !takesSchema) ? {} : { responseFormat }),
  };
}

function whenToolIsCalled(told: () => void): TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart> {
  return new TransformStream({
    transform(part, controller) {
      if (part.type === 'tool-call') told();
      controller.enqueue(part);
    },
  });
}
