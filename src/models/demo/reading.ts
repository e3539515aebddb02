import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';

/** What a prompt says about which answer it waits for; null where it does not say. */
export interface Reading {
  /** All that the user said, in order. */
  readonly userText: string;
  /** Answers of the model since the user last spoke, from 0. */
  readonly turn: number;
  readonly reviewRound: number | null;
  readonly refinementRound: number | null;
  readonly taskId: string | null;
  /** The developer said something of their own about the plan. */
  readonly words: boolean;
  readonly change: RequestedChange | null;
  /** What list_files answered since the user last spoke, as text; null when it was not called. */
  readonly fileList: string | null;
}

/** The developer asked to have a hunk changed. */
export interface RequestedChange {
  readonly path: string;
  readonly feedback: string;
}

/** Finds the markers that the agents put into their prompts. */
export function readPrompt(prompt: LanguageModelV4Prompt): Reading {
  const lastUser = prompt.findLastIndex((message) => message.role === 'user');
  const since = prompt.slice(lastUser + 1);
  const asked = textOf(prompt[lastUser]);
  return {
    userText: prompt
      .filter((message) => message.role === 'user')
      .map(textOf)
      .join('\n'),
    turn: since.filter((message) => message.role === 'assistant').length,
    reviewRound: numberAfter('Review round', asked),
    refinementRound: numberAfter('Refinement round', asked),
    taskId: /^Task:\s*(T\d+)\b/m.exec(asked)?.[1] ?? null,
    words: /^The developer asks:/m.test(asked),
    change: requestedChange(asked),
    fileList: resultsOf('list_files', since),
  };
}

/** The text of a user message, with plain line ends; empty for any other. */
function textOf(message: LanguageModelV4Message | undefined): string {
  if (message?.role !== 'user') return '';
  return message.content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n')
    .replaceAll('\r\n', '\n');
}

function numberAfter(marker: string, text: string): number | null {
  const found = new RegExp(`^${marker}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** The feedback is what follows the marker, up to an empty line or the end. */
function requestedChange(text: string): RequestedChange | null {
  const found = /^Change requested for hunk \S+ of (.+):[ \t]*\n?((?:.+(?:\n|$))*)/m.exec(text);
  if (found === null) return null;
  const [, path = '', feedback = ''] = found;
  return { path: path.trim(), feedback: feedback.trim() };
}

function resultsOf(tool: string, messages: readonly LanguageModelV4Message[]): string | null {
  const results = messages
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .flatMap((part) => (part.type === 'tool-result' && part.toolName === tool ? [JSON.stringify(part.output)] : []));
  return results.length === 0 ? null : results.join('\n');
}
