import * as vscode from 'vscode';

/**
 * Opens a fresh copy of the sample, for which the demo model has its answers recorded: in this window where no folder is
 * open, else in another one. Where no model is chosen yet the demo is. It needs none of the app, which needs a folder.
 */
export async function openSample({ extensionUri, globalStorageUri }: vscode.ExtensionContext): Promise<void> {
  const copies = vscode.Uri.joinPath(globalStorageUri, 'samples', Date.now().toString(36));
  const copy = vscode.Uri.joinPath(copies, 'slugs');
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'samples', 'slugs'), copy);
  const settings = vscode.workspace.getConfiguration('planwright');
  if (!settings.get<string>('model')?.trim()) await settings.update('model', 'demo', vscode.ConfigurationTarget.Global);
  const isFree = !vscode.workspace.workspaceFolders?.length;
  await vscode.commands.executeCommand('vscode.openFolder', copy, { forceNewWindow: !isFree });
}
