import type * as vscode from 'vscode';
import { App } from '../app.ts';
import type { TreeNode } from '../views/runNodes.ts';
import { answerChat } from './chat.ts';
import { dispatch } from './dispatch.ts';
import { exportDashboard } from './exportDashboard.ts';
import { onPanelMessage } from './panelMessages.ts';

/** Everything that activation puts off: the app, and the commands over it. */
export async function openApp(
  context: vscode.ExtensionContext,
  sidebar: vscode.TreeView<unknown>,
  treeChanged: vscode.EventEmitter<TreeNode[] | undefined>,
  filesChanged: vscode.EventEmitter<vscode.FileChangeEvent[]>,
): Promise<App> {
  const app = new App(context, sidebar, treeChanged, filesChanged, {
    command: dispatch,
    panelMessage: onPanelMessage,
    chat: answerChat,
    exportDashboard,
  });
  await app.opened();
  return app;
}
