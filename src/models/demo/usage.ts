import type { LanguageModelV4Prompt, LanguageModelV4Usage } from '@ai-sdk/provider';

/** The demo has no tokenizer; four characters a token is the usual rule of thumb for English text and code. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Usage in tokens, computed from the lengths of the actual prompt and output in characters. The prompt counts with
 * all it carries: instructions, texts, tool calls and their results.
 */
export function usageOf(prompt: LanguageModelV4Prompt, outputCharacters: number): LanguageModelV4Usage {
  const input = tokens(promptCharacters(prompt));
  const output = tokens(outputCharacters);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function promptCharacters(prompt: LanguageModelV4Prompt): number {
  let characters = 0;
  for (const { content } of prompt) {
    if (typeof content === 'string') {
      characters += content.length;
      continue;
    }
    for (const part of content) {
      if (part.type === 'text' || part.type === 'reasoning') characters += part.text.length;
      else if (part.type === 'tool-call') characters += JSON.stringify(part.input).length;
      else if (part.type === 'tool-result') characters += JSON.stringify(part.output).length;
    }
  }
  return characters;
}
