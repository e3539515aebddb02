import type { RunEvent, StoredEvent } from '../engine/events.ts';
import type { Attributes } from './span.ts';

type Usage = Extract<RunEvent, { type: 'usage' }>;

/**
 * A model call by OpenTelemetry's conventions for generative AI,
 * https://github.com/open-telemetry/semantic-conventions-genai: what it took, and nothing of what was said.
 */
export function chatSpan(event: Usage, { at, runId }: StoredEvent) {
  const end = event.endedAt ?? at;
  return {
    name: `chat ${event.model}`,
    kind: 'client',
    start: end - Math.max(0, event.durationMs),
    end,
    attributes: { ...attributesOf(event), 'gen_ai.conversation.id': runId },
  } as const;
}

function attributesOf(event: Usage): Attributes {
  const { agent, taskId, model, provider, inputTokens, cachedInputTokens, outputTokens } = event;
  const { reasoningTokens, firstTokenMs, cost, counted } = event;
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerName(provider),
    'gen_ai.request.model': model,
    'gen_ai.response.model': model,
    'gen_ai.agent.name': agent,
    'gen_ai.usage.input_tokens': inputTokens,
    'gen_ai.usage.cache_read.input_tokens': cachedInputTokens,
    'gen_ai.usage.output_tokens': outputTokens,
    ...(reasoningTokens === undefined ? {} : { 'gen_ai.usage.reasoning.output_tokens': reasoningTokens }),
    ...(firstTokenMs === undefined
      ? {}
      : { 'gen_ai.request.stream': true, 'gen_ai.response.time_to_first_chunk': firstTokenMs / 1000 }),
    ...(cost === undefined ? {} : { 'planwright.cost': cost }),
    ...(counted ? { 'planwright.tokens.counted_here': true } : {}),
    ...(taskId === undefined ? {} : { 'planwright.task.id': taskId }),
  };
}

/** 'openai.responses' is OpenAI; whoever it is in a log that does not say is unknown. */
function providerName(provider: string | undefined): string {
  return provider?.split('.', 1)[0] || 'unknown';
}
