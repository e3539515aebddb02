import * as vscode from 'vscode';

/** Opens a file, at the first place that has the quote; whatever has changed since, its first line may still be there. */
export async function openFile(uri: vscode.Uri, quote = ''): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const text = document.getText();
  const wanted = [quote.trim(), quote.trim().split('\n', 1)[0]?.trim() ?? ''].find(
    (piece) => piece !== '' && text.includes(piece),
  );
  if (wanted === undefined) return;
  const start = text.indexOf(wanted);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + wanted.length));
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
