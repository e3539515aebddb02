import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the webviews' bundles are; nothing else is served to them. */
export function mediaFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'media');
}

/** A page that runs one bundle and its style sheet, and can load nothing from anywhere else. */
export function webviewPage(webview: vscode.Webview, media: vscode.Uri, bundle: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(media, `${bundle}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(media, `${bundle}.css`));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; font-src ${webview.cspSource}`;
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body data-page="${bundle}"><div id="root"></div><script nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
