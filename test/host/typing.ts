import type * as vscode from 'vscode';

/** Inserts text. VS Code refuses an edit while it brings the document itself up to date, as it may just after opening it. */
export async function type(editor: vscode.TextEditor, at: vscode.Position, text: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (await editor.edit((edit) => edit.insert(at, text))) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The editor does not take “${text}”.`);
}
