import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { pageHtml } from './pageHtml.ts';

/** Where the webviews' bundles are; nothing else is served to them. */
export function mediaFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'media');
}

/** The page of one of the bundles, in the editor's language. */
export function webviewPage(
  webview: vscode.Webview,
  media: vscode.Uri,
  bundle: 'panel' | 'dashboard',
  { title, heading }: { readonly title: string; readonly heading: string },
): string {
  const file = (name: string) => vscode.Uri.joinPath(media, name);
  // The font's address stands in it as seen from the folder.
  const style = readFileSync(file(`${bundle}.css`).fsPath, 'utf8');
  return pageHtml({
    name: bundle,
    title,
    heading,
    language: vscode.env.language,
    words: vscode.l10n.bundle ?? {},
    style: style.replaceAll('url("./', `url("${webview.asWebviewUri(media)}/`),
    scriptAddress: webview.asWebviewUri(file(`${bundle}.js`)).toString(),
    fontSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
  });
}
