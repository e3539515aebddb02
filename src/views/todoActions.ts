import * as vscode from 'vscode';
import { todoIn } from '../workflow/starts/todoComment.ts';

/** Offers, on a TODO or FIXME comment, to start a workflow that does it. Asked as the cursor moves: one line is read. */
export function registerTodoActions(): vscode.Disposable {
  const kind = vscode.CodeActionKind.QuickFix;
  return vscode.languages.registerCodeActionsProvider(
    { scheme: 'file' },
    {
      provideCodeActions(document, { start: { line } }) {
        const found = todoIn(document.lineAt(line).text);
        if (!found) return [];
        const action = new vscode.CodeAction(vscode.l10n.t('Planwright: do this {0}…', found.keyword), kind);
        action.command = { title: action.title, command: 'planwright.startFromTodo', arguments: [document.uri, line] };
        return [action];
      },
    },
    { providedCodeActionKinds: [kind] },
  );
}
