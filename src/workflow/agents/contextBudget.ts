import type { ModelMessage } from 'ai';

/** Characters that count as one token, roughly; the budget is no promise to the last token. */
const CHARACTERS = 4;
/** How much is summarised at once, as a part of the budget: seldom and much, so that providers' caches keep hitting. */
const STRIDE = 0.3;
/** Results shorter than this are not worth it. */
const SHORT = 400;
const KEPT_LINES = 3;

export const defaultContextTokens = 100_000;

/**
 * The conversation with its oldest tool results summarised so that it fits into the budget; the same messages give the
 * same answer, also on a replay. What was asked and what the model said stay, and a summary says how to see it all.
 * @param tokens estimated as four characters each
 */
export function withinBudget(messages: readonly ModelMessage[], tokens: number): ModelMessage[] {
  const budget = tokens * CHARACTERS;
  const over = messages.reduce((sum, message) => sum + sizeOf(message), 0) - budget;
  if (over <= 0) return [...messages];
  const stride = budget * STRIDE;
  let toSave = Math.ceil(over / stride) * stride;
  return messages.map((message) => {
    if (message.role !== 'tool') return message;
    const content = message.content.map((part) => {
      if (toSave <= 0 || part.type !== 'tool-result' || part.output.type !== 'text') return part;
      const { value } = part.output;
      if (value.length < SHORT) return part;
      const summary = summaryOf(value);
      toSave -= value.length - summary.length;
      return { ...part, output: { ...part.output, value: summary } };
    });
    return { ...message, content };
  });
}

function summaryOf(text: string): string {
  const lines = text.split('\n');
  const kept = lines.slice(0, KEPT_LINES).map((line) => line.slice(0, 100));
  return `${kept.join('\n')}\n… summarised to save room: ${lines.length} lines, ${text.length} characters in all. Call the tool again to see them.`;
}

function sizeOf({ content }: ModelMessage): number {
  return typeof content === 'string' ? content.length : JSON.stringify(content).length;
}
