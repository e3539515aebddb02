import * as vscode from 'vscode';

/** Settings about models have machine scope: they are the developer's, never a repository's. */
export async function saveModelSetting(name: string, value: string | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('planwright').update(name, value, vscode.ConfigurationTarget.Global);
}
