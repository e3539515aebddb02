import * as vscode from 'vscode';

/** What of a chat request is read; the rest of it is the editor's business. */
export type ChatQuestion = Pick<vscode.ChatRequest, 'prompt' | 'command' | 'references'>;

interface Answering {
  chat(question: ChatQuestion, stream: vscode.ChatResponseStream): Promise<vscode.ChatResult>;
}

/** `@planwright` in the chat, where this editor has one; what it answers is loaded with the rest. */
export function registerChatParticipant(load: () => Promise<Answering>): vscode.Disposable[] {
  if (typeof vscode.chat?.createChatParticipant !== 'function') return [];
  const participant = vscode.chat.createChatParticipant('planwright.chat', async (request, _context, stream) =>
    load().then(
      (app) => app.chat(request, stream),
      ({ message, hint = '' }) => ({ errorDetails: { message: `${message} ${hint}`.trim() } }),
    ),
  );
  participant.iconPath = new vscode.ThemeIcon('checklist');
  return [participant];
}
