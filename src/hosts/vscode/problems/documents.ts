import { join } from 'node:path';
import * as vscode from 'vscode';

/** Documents that no editor shows. */

/** How long VS Code is waited for to let go of a document, in milliseconds. */
const CLOSING_MS = 5_000;

/** Opens those of the files that are there, by their paths. */
export async function openDocuments(root: string, paths: readonly string[]): Promise<Map<string, vscode.TextDocument>> {
  const opened = new Map<string, vscode.TextDocument>();
  for (const path of paths) {
    const uri = vscode.Uri.file(join(root, path));
    // What is missing, too large or no text has no problems to tell of.
    const document = await vscode.workspace.openTextDocument(uri).then(
      (found) => found,
      () => undefined,
    );
    if (document) opened.set(path, document);
  }
  return opened;
}

/**
 * Has VS Code close them. It keeps a document that was opened through its API for minutes unless its file is deleted by
 * one of its own edits, so the files are: only ever call it on those of a copy that is thrown away.
 */
export async function closeDocuments(documents: readonly vscode.TextDocument[]): Promise<void> {
  const open = documents.filter(({ isClosed }) => !isClosed);
  if (open.length === 0) return;
  // A copy's files are no trash of the developer's; the option is VS Code's own, and not in its typed API.
  const options = { ignoreIfNotExists: true, skipTrashBin: true };
  const edit = new vscode.WorkspaceEdit();
  for (const { uri } of open) edit.deleteFile(uri, options);
  await Promise.race([
    allClosed(open, () => vscode.workspace.applyEdit(edit)),
    new Promise((done) => setTimeout(done, CLOSING_MS)),
  ]);
}

async function allClosed(documents: readonly vscode.TextDocument[], close: () => Thenable<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => documents.every(({ isClosed }) => isClosed) && resolve();
  const listener = vscode.workspace.onDidCloseTextDocument(look);
  try {
    await close();
    look();
    await promise;
  } finally {
    listener.dispose();
  }
}
