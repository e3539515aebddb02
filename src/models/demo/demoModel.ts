import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { AgentName } from '../../workflow/engine/events.ts';
import type { Clock } from '../../workflow/ports.ts';
import { type ChosenTurn, chooseTurn } from './choosing.ts';
import { readPrompt } from './reading.ts';
import type { RecordedCall } from './recording.ts';
import { usageOf } from './usage.ts';

/** How fast a model writes at speed 1. */
const CHARACTERS_PER_SECOND = 400;
const CHUNK_CHARACTERS = 16;
/** How long a model is silent before its first word at speed 1. */
const FIRST_WORD_MS = 600;

export interface DemoModelOptions {
  readonly agent: AgentName;
  /** 1 is believable (about 400 characters a second), 2 twice as fast; 0 does not wait at all. */
  readonly speed: number;
  readonly clock: Clock;
}

/**
 * A model without a model: it answers the sample request from recordings, streamed as a real one would be.
 * Which answer is decided by the agent, the task, the round and the turn; nothing is remembered between calls.
 * Token counts are characters divided by four, rounded up, since the demo has no tokenizer.
 *
 * `doStream` and `doGenerate` reject with PlanwrightError DEMO_ONLY_SAMPLE for any prompt without a recording,
 * and stop with the abort signal's reason when it aborts.
 */
export function createDemoModel({ agent, speed, clock }: DemoModelOptions): LanguageModelV4 {
  async function doStream(options: LanguageModelV4CallOptions) {
    options.abortSignal?.throwIfAborted();
    const chosen = chooseTurn(agent, readPrompt(options.prompt));
    const pace = createPace(speed, clock, options.abortSignal);
    return { stream: streamOf(parts(chosen, options, pace, clock.now())) };
  }

  return {
    specificationVersion: 'v4',
    provider: 'planwright-demo',
    modelId: 'demo',
    supportedUrls: {},
    doStream,
    async doGenerate(options) {
      return collect((await doStream(options)).stream);
    },
  };
}

/** Waits until `characters` in all are due. */
type Pace = (characters: number) => Promise<void>;

/** Paces by the time since the start, so that slow timers do not add up. */
function createPace(speed: number, clock: Clock, signal: AbortSignal | undefined): Pace {
  const start = clock.now();
  return async (characters) => {
    signal?.throwIfAborted();
    if (speed <= 0) return;
    const due = start + (FIRST_WORD_MS + (characters / CHARACTERS_PER_SECOND) * 1000) / speed;
    const wait = due - clock.now();
    if (wait <= 0) return;
    try {
      await clock.sleep(wait, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
}

async function* parts(
  { key, turn }: ChosenTurn,
  { prompt }: LanguageModelV4CallOptions,
  pace: Pace,
  now: number,
): AsyncGenerator<LanguageModelV4StreamPart, void> {
  yield { type: 'stream-start', warnings: [] };
  yield { type: 'response-metadata', id: `demo-${key}`, modelId: 'demo', timestamp: new Date(now) };
  const said = turn.kind === 'act' ? turn.say : JSON.stringify(turn.result, null, 2);
  const calls = turn.kind === 'act' ? turn.calls : [];
  let written = 0;

  yield { type: 'text-start', id: 'text' };
  for (const delta of chunks(said)) {
    written += delta.length;
    await pace(written);
    yield { type: 'text-delta', id: 'text', delta };
  }
  yield { type: 'text-end', id: 'text' };

  for (const [index, { tool, input }] of calls.entries()) {
    const id = `demo-${key}-${index}`;
    const json = JSON.stringify(input);
    yield { type: 'tool-input-start', id, toolName: tool };
    for (const delta of chunks(json)) {
      written += delta.length;
      await pace(written);
      yield { type: 'tool-input-delta', id, delta };
    }
    yield { type: 'tool-input-end', id };
    yield { type: 'tool-call', toolCallId: id, toolName: tool, input: json };
  }

  yield { type: 'finish', finishReason: finishReason(calls), usage: usageOf(prompt, written) };
}

function finishReason(calls: readonly RecordedCall[]): LanguageModelV4FinishReason {
  return { unified: calls.length === 0 ? 'stop' : 'tool-calls', raw: undefined };
}

function* chunks(text: string): Generator<string, void> {
  for (let start = 0; start < text.length; start += CHUNK_CHARACTERS) yield text.slice(start, start + CHUNK_CHARACTERS);
}

/** A stream that makes its next part when it is asked for one, and stops when nobody listens any more. */
function streamOf(source: AsyncGenerator<LanguageModelV4StreamPart, void>): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream({
    async pull(controller) {
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await source.return();
    },
  });
}

/** What a stream amounts to, once it has ended. */
async function collect(stream: ReadableStream<LanguageModelV4StreamPart>) {
  const content: LanguageModelV4Content[] = [];
  let text = '';
  let end: { finishReason: LanguageModelV4FinishReason; usage: LanguageModelV4Usage } | undefined;
  const reader = stream.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    const part = next.value;
    if (part.type === 'text-delta') text += part.delta;
    else if (part.type === 'text-end') content.push({ type: 'text', text });
    else if (part.type === 'tool-call') content.push(part);
    else if (part.type === 'finish') end = { finishReason: part.finishReason, usage: part.usage };
  }
  if (end === undefined) throw new Error('The stream ended without its last part.');
  return { content, ...end, warnings: [] };
}
