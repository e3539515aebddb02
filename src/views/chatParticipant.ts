import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** `@planwright` in the chat, where this editor has one; what it answers is loaded with the rest. */
export function registerChatParticipant(load: () => Promise<App>): vscode.Disposable[] {
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
