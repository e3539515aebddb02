import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4ToolResultOutput,
} from '@ai-sdk/provider';
import * as vscode from 'vscode';

type Message = LanguageModelV4Prompt[number];

/**
 * A prompt as the editor's models take it. They know the user and the assistant only: instructions come first, as
 * the user's words, and so do the results of tools. What a model thought is not handed back to it: there is no place
 * for it.
 */
export function chatMessages(prompt: LanguageModelV4Prompt): vscode.LanguageModelChatMessage[] {
  return prompt.map(chatMessage).filter((message) => message !== undefined);
}

function chatMessage(message: Message): vscode.LanguageModelChatMessage | undefined {
  switch (message.role) {
    case 'system':
      return vscode.LanguageModelChatMessage.User(message.content);
    case 'user': {
      const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return vscode.LanguageModelChatMessage.User(text);
    }
    case 'assistant': {
      const parts = message.content.flatMap(
        (part): (vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart)[] => {
          if (part.type === 'text') return part.text === '' ? [] : [new vscode.LanguageModelTextPart(part.text)];
          if (part.type !== 'tool-call') return [];
          return [new vscode.LanguageModelToolCallPart(part.toolCallId, part.toolName, asObject(part.input))];
        },
      );
      return parts.length === 0 ? undefined : vscode.LanguageModelChatMessage.Assistant(parts);
    }
    case 'tool': {
      const results = message.content.flatMap((part) =>
        part.type === 'tool-result'
          ? [
              new vscode.LanguageModelToolResultPart(part.toolCallId, [
                new vscode.LanguageModelTextPart(textOf(part.output)),
              ]),
            ]
          : [],
      );
      return results.length === 0 ? undefined : vscode.LanguageModelChatMessage.User(results);
    }
  }
}

/** The tools of a call, in the order in which they were given. */
export function chatTools(options: LanguageModelV4CallOptions): vscode.LanguageModelChatTool[] {
  const { tools = [], toolChoice } = options;
  return tools.flatMap((tool) => {
    if (tool.type !== 'function') return [];
    if (toolChoice?.type === 'tool' && toolChoice.toolName !== tool.name) return [];
    return [{ name: tool.name, description: tool.description ?? '', inputSchema: tool.inputSchema }];
  });
}

/** Everything of a message that its tokenizer is asked about. */
export function textOfMessage({ content }: vscode.LanguageModelChatMessage): string {
  return content
    .map((part) => {
      if (part instanceof vscode.LanguageModelTextPart) return part.value;
      if (part instanceof vscode.LanguageModelToolCallPart) return `${part.name} ${JSON.stringify(part.input)}`;
      return part.content.map((inner) => (inner instanceof vscode.LanguageModelTextPart ? inner.value : '')).join('');
    })
    .join('\n');
}

function textOf(output: LanguageModelV4ToolResultOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'This was not allowed.';
    case 'content':
      return output.value.map((part) => (part.type === 'text' ? part.text : '')).join('');
  }
}

/** A call whose input could not be read is handed back as what it was. */
function asObject(input: unknown): object {
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { input };
}
