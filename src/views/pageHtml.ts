export interface PageHtml {
  /** What the page's own script and style call it. */
  readonly name: string;
  readonly title: string;
  /** Shown at once, where the script will show it too; empty for none. */
  readonly heading: string;
  readonly language: string;
  /** The translations, as `vscode.l10n.bundle`. */
  readonly words: unknown;
  /** The whole style sheet. */
  readonly style: string;
  readonly scriptAddress: string;
  /** Where its icons may come from, as a source of a content security policy. */
  readonly fontSource: string;
  readonly nonce: string;
}

/** Languages that are written from right to left. */
const rightToLeft = /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/;

/**
 * A page that runs one script, and can load nothing from anywhere else. VS Code shows a page once it has loaded, so it
 * comes with its style and its heading, and fetches its script and the icons after that. What is posted to it meanwhile is
 * kept in `heldMessages`, see media/page.ts.
 */
export function pageHtml(page: PageHtml): string {
  const { name, language, nonce } = page;
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; font-src ${page.fontSource}`;
  return `<!DOCTYPE html>
<html lang="${language}" dir="${rightToLeft.test(language) ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${page.style}</style>
<title>${asText(page.title)}</title>
</head>
<body data-page="${name}"><div id="root" aria-busy="true">${page.heading && `<h1>${asText(page.heading)}</h1>`}</div>
<script type="application/json" id="l10n">${asScriptText(page.words)}</script>
<script nonce="${nonce}">
var heldMessages = [];
addEventListener('message', ({ data }) => heldMessages?.push(data));
addEventListener('load', () => {
  const script = document.createElement('script');
  document.body.append(Object.assign(script, { nonce: '${nonce}', src: '${page.scriptAddress}' }));
  document.fonts.load('1em codicon').catch(() => {});
});
</script></body>
</html>`;
}

/** JSON that cannot end the element it stands in. */
function asScriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
