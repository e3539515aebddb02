import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the webviews' bundles are; nothing else is served to them. */
export function mediaFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'media');
}

/** Languages that are written from right to left. */
const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;

/** A page that runs one bundle and its style sheet, and can load nothing from anywhere else. */
export function webviewPage(webview: vscode.Webview, media: vscode.Uri, bundle: string, title: string): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(media, `${bundle}.js`));
  const style = webview.asWebviewUri(vscode.Uri.joinPath(media, `${bundle}.css`));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}; font-src ${webview.cspSource}`;
  const { language } = vscode.env;
  return `<!DOCTYPE html>
<html lang="${language}" dir="${rightToLeft.test(language) ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body data-page="${bundle}"><div id="root"></div>
<script type="application/json" id="l10n">${asScriptText(vscode.l10n.bundle ?? {})}</script>
<script nonce="${nonce}" src="${script}"></script></body>
</html>`;
}

/** JSON that cannot end the element it stands in. */
function asScriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
