import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { App } from './app.ts';
import { openSample } from './commands/openSample.ts';
import { databasePath } from './hosts/node/databasePath.ts';
import { registerChatParticipant } from './views/chatParticipant.ts';
import type { TreeNode } from './views/runNodes.ts';
import { registerTodoActions } from './views/todoActions.ts';
import { isFor } from './workflow/triggers/isFor.ts';

/** What the extension gives to others: the tests inside VS Code use it. */
export interface PlanwrightApi {
  app(): Promise<App>;
}

/**
 * Registers what VS Code must find from the start, then stops. All else is in a bundle of its own, loaded
 * on first use: by a command, a look at the sidebar, a restored editor, or a run that this workspace has had.
 */
export function activate(context: vscode.ExtensionContext): PlanwrightApi {
  let app: Promise<App> | undefined;
  const load = (): Promise<App> => {
    app ??= import('./commands/open.ts')
      .then(({ openApp }) => openApp(context, sidebar, treeChanged, filesChanged))
      .catch((error) => {
        app = undefined; // The next use tries again: a folder may be open by then.
        throw error;
      });
    return app;
  };
  const treeChanged = new vscode.EventEmitter<TreeNode[] | undefined>();
  const filesChanged = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

  const sidebar = vscode.window.createTreeView<unknown>('planwright.runs', {
    treeDataProvider: {
      onDidChangeTreeData: treeChanged.event,
      getChildren: async (node?: unknown) =>
        (await hasRuns(context)) ? [...(await load()).tree.getChildren(node)] : [],
      getTreeItem: async (node: unknown) => (await load()).tree.getTreeItem(node),
    },
    showCollapseAll: true,
  });

  const declared: { command: string }[] = context.extension.packageJSON.contributes.commands;
  context.subscriptions.push(
    treeChanged,
    filesChanged,
    ...declared.map(({ command }) =>
      vscode.commands.registerCommand(command, (...args: unknown[]) =>
        command === 'planwright.openSample'
          ? openSample(context).catch(show)
          : load().then((loaded) => loaded.execute(command, args), show),
      ),
    ),
    sidebar,
    vscode.workspace.registerFileSystemProvider('planwright-proposal', proposalFiles(load, filesChanged.event)),
    vscode.workspace.registerFileSystemProvider('planwright-report', reportFiles(load, filesChanged.event), {
      isReadonly: true,
    }),
    vscode.window.registerWebviewPanelSerializer('planwright.panel', {
      // Its page's own state names the run that it showed.
      deserializeWebviewPanel: async (panel, state: { readonly runId?: unknown } | undefined) =>
        (await load()).panel.adopt(panel, typeof state?.runId === 'string' ? state.runId : undefined),
    }),
    vscode.window.registerWebviewPanelSerializer('planwright.dashboard', {
      deserializeWebviewPanel: async (panel) => (await load()).dashboard.adopt(panel),
    }),
    registerTodoActions(),
    ...registerChatParticipant(load),
    { dispose: () => app?.then((loaded) => loaded.dispose()) },
  );
  void hasRuns(context).then((some) => (some || hasTriggers() ? load().catch(show) : undefined));
  return { app: load };
}

/** Planwright could not open at all: no folder, a database from a newer version, an editor that is too old. */
function show(error: Error & { readonly hint?: string }): void {
  void vscode.window.showErrorMessage([error.message, error.hint].filter(Boolean).join(' '));
}

/** Has Planwright ever run in this workspace? Answered without opening the database. */
async function hasRuns({ globalStorageUri }: vscode.ExtensionContext): Promise<boolean> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' && existsSync(databasePath(globalStorageUri.fsPath, folder.uri.fsPath));
}

/** Is anything to start runs by itself in this folder? */
function hasTriggers(): boolean {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const triggers = vscode.workspace.getConfiguration('planwright').get<unknown>('triggers');
  if (folder?.uri.scheme !== 'file' || !Array.isArray(triggers)) return false;
  return triggers.some((one) => isFor(one?.workspace, folder.uri.fsPath, homedir()));
}

function proposalFiles(
  load: () => Promise<App>,
  changed: vscode.Event<vscode.FileChangeEvent[]>,
): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions('A proposal can be edited, not moved or removed. Use Accept or Reject.');
  };
  return {
    onDidChangeFile: changed,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => (await load()).files.stat(uri),
    readFile: async (uri) => (await load()).files.readFile(uri),
    writeFile: async (uri, content) => (await load()).files.writeFile(uri, content),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
}

function reportFiles(
  load: () => Promise<App>,
  changed: vscode.Event<vscode.FileChangeEvent[]>,
): vscode.FileSystemProvider {
  const refuse = () => {
    throw vscode.FileSystemError.NoPermissions('A report can only be read. “Export report…” writes a copy of it.');
  };
  return {
    onDidChangeFile: changed,
    watch: () => new vscode.Disposable(() => {}),
    stat: async (uri) => (await load()).reports.stat(uri),
    readFile: async (uri) => (await load()).reports.readFile(uri),
    readDirectory: () => [],
    writeFile: refuse,
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
}
