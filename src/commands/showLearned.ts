import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** Opens what was learned in this workspace, to be read, changed and deleted. */
export async function showLearned(app: App): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(await app.services().learned.ensure()));
}
