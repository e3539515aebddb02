import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4Reasoning,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Text,
} from '@ai-sdk/provider';
import type { LiveEvent } from '../engine/events.ts';
import { PlanwrightError } from '../errors.ts';

/** A piece of what a model is writing. */
export type Delta = Pick<LiveEvent, 'kind' | 'delta'>;

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/**
 * What a stream amounts to once it has ended, its content in the order it began. Only a stream that says it is
 * finished counts: half an answer is none.
 * @param onDelta hears of text, reasoning and tool input while it is written
 * @param onPart hears of every part, pings too
 * @throws the stream's own error, unchanged
 * @throws PlanwrightError TIMEOUT when the stream ends early, PROVIDER when it finishes with a failure
 */
export async function collectStream(
  { stream }: LanguageModelV4StreamResult,
  onDelta: (delta: Delta) => void,
  onPart: () => void = () => {},
): Promise<LanguageModelV4GenerateResult> {
  const content: LanguageModelV4Content[] = [];
  const blocks = new Map<string, LanguageModelV4Text | LanguageModelV4Reasoning>();
  let warnings: LanguageModelV4GenerateResult['warnings'] = [];
  let response: LanguageModelV4GenerateResult['response'];
  let finish: Finish | undefined;

  /** Text and reasoning may use the same ids, and a lenient provider may leave the start out. */
  const block = (type: 'text' | 'reasoning', id: string) => {
    const key = `${type} ${id}`;
    const open: LanguageModelV4Text | LanguageModelV4Reasoning = blocks.get(key) ?? { type, text: '' };
    if (!blocks.has(key)) {
      blocks.set(key, open);
      content.push(open);
    }
    return open;
  };

  const take = (part: LanguageModelV4StreamPart): void => {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        keepMetadata(block(kindOf(part.type), part.id), part);
        return;
      case 'text-delta':
      case 'reasoning-delta': {
        const kind = kindOf(part.type);
        const open = block(kind, part.id);
        open.text += part.delta;
        keepMetadata(open, part);
        if (part.delta !== '') onDelta({ kind, delta: part.delta });
        return;
      }
      case 'text-end': {
        const open = block('text', part.id);
        keepMetadata(open, part);
        if (part.citations && open.type === 'text') open.citations = part.citations;
        blocks.delete(`text ${part.id}`);
        return;
      }
      case 'reasoning-end':
        keepMetadata(block('reasoning', part.id), part);
        blocks.delete(`reasoning ${part.id}`);
        return;
      case 'tool-input-delta':
        if (part.delta !== '') onDelta({ kind: 'tool-input', delta: part.delta });
        return;
      case 'tool-input-start':
      case 'tool-input-end':
      case 'ping':
      case 'raw':
        return;
      case 'stream-start':
        warnings = part.warnings;
        return;
      case 'response-metadata': {
        const { type: _, ...metadata } = part;
        response = { ...response, ...metadata };
        return;
      }
      case 'finish':
        finish = part;
        return;
      case 'error':
        throw part.error;
      default:
        content.push(part);
    }
  };

  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      onPart();
      take(next.value);
    }
  } finally {
    // After a failure nobody reads on; whether the other side hears of it does not matter.
    reader.cancel().catch(() => {});
  }

  if (finish === undefined) throw dropped();
  return complete({
    content: content.filter((part) => part.type !== 'text' || part.text !== '' || part.providerMetadata !== undefined),
    finishReason: finish.finishReason,
    usage: finish.usage,
    warnings,
    ...(finish.providerMetadata === undefined ? {} : { providerMetadata: finish.providerMetadata }),
    ...(response === undefined ? {} : { response }),
  });
}

/**
 * The result, if it is a whole answer.
 * @throws PlanwrightError TIMEOUT when it was cut off, PROVIDER when it finished with a failure
 */
export function complete(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  if (result.finishReason.unified === 'interrupted') throw dropped();
  if (result.finishReason.unified === 'error') throw failed();
  // Some servers have a word of their own for it; the SDK would leave the call without a result.
  if (result.finishReason.unified === 'other' && result.content.some(({ type }) => type === 'tool-call'))
    return { ...result, finishReason: { ...result.finishReason, unified: 'tool-calls' } };
  return result;
}

function kindOf(type: 'text-start' | 'text-delta' | 'reasoning-start' | 'reasoning-delta'): 'text' | 'reasoning' {
  return type.startsWith('text') ? 'text' : 'reasoning';
}

/** The last word on a block's metadata counts: signatures and encrypted reasoning come at its end. */
function keepMetadata(
  block: LanguageModelV4Text | LanguageModelV4Reasoning,
  { providerMetadata }: { readonly providerMetadata?: NonNullable<LanguageModelV4Text['providerMetadata']> },
): void {
  if (providerMetadata !== undefined) block.providerMetadata = providerMetadata;
}

function dropped(): PlanwrightError {
  return new PlanwrightError('TIMEOUT', 'The connection to the model dropped before its answer was complete.', {
    hint: 'Resume the run to try again from here.',
    retryable: true,
  });
}

function failed(): PlanwrightError {
  return new PlanwrightError('PROVIDER', 'The model stopped in the middle of its answer without saying why.', {
    hint: 'Resume the run to try again from here.',
    retryable: true,
  });
}
