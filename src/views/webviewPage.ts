import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** Where the webviews' bundles are; nothing else is served to them. */
export function mediaFolder(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'media');
}

export interface PageOptions {
  /** The name of its script and its style sheet. */
  readonly bundle: 'panel' | 'dashboard';
  readonly title: string;
  /** Shown at once, where the bundle will show it too. */
  readonly heading?: string;
}

/** Languages that are written from right to left. */
const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;

/**
 * A page that runs one bundle, and can load nothing from anywhere else. VS Code shows a page once it has loaded, so it
 * comes with its style and its heading, and fetches its script and the icons after that. What is posted to it meanwhile is
 * kept in `heldMessages`, see media/page.ts.
 */
export function webviewPage(
  webview: vscode.Webview,
  media: vscode.Uri,
  { bundle, title, heading = '' }: PageOptions,
): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(media, `${bundle}.js`));
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'nonce-${nonce}'; font-src ${webview.cspSource}`;
  const { language } = vscode.env;
  return `<!DOCTYPE html>
<html lang="${language}" dir="${rightToLeft.test(language) ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${styleSheet(webview, media, bundle)}</style>
<title>${title}</title>
</head>
<body data-page="${bundle}"><div id="root" aria-busy="true">${heading && `<h1>${asText(heading)}</h1>`}</div>
<script type="application/json" id="l10n">${asScriptText(vscode.l10n.bundle ?? {})}</script>
<script nonce="${nonce}">
var heldMessages = [];
addEventListener('message', ({ data }) => heldMessages?.push(data));
const script = Object.assign(document.createElement('script'), { src: '${script}', nonce: '${nonce}' });
addEventListener('load', () => {
  document.body.append(script);
  document.fonts.load('1em codicon');
});
</script></body>
</html>`;
}

/** As it was built, with its font's address as the page may load it. */
function styleSheet(webview: vscode.Webview, media: vscode.Uri, bundle: string): string {
  const text = readFileSync(vscode.Uri.joinPath(media, `${bundle}.css`).fsPath, 'utf8');
  return text.replace(
    /url\("?\.\/([^")]*)"?\)/g,
    (_whole, path: string) => `url("${webview.asWebviewUri(media)}/${path}")`,
  );
}

/** JSON that cannot end the element it stands in. */
function asScriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
