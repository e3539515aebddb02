const { appendFileSync, existsSync, rmSync } = require('node:fs');
const vscode = require('vscode');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

/** How often the event loop is looked at, in milliseconds. */
const EVERY = 5;
/** A loop that comes later than this was kept. */
const LATE = 15;

/**
 * Appends lines of JSON to the file that PLANWRIGHT_BENCH_LOG names: `{ until, ms }` for each time that something kept
 * the extension host's event loop, until when in milliseconds since the epoch; and `{ heap }`, the bytes that are left
 * after a garbage collection, whenever a file of that name with `.gc` after it is there, which it removes.
 */
exports.activate = (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('planwrightBench.emptyPage', openEmptyPage));
  const file = process.env.PLANWRIGHT_BENCH_LOG;
  if (!file) return;
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  let last = performance.now();
  let lines = [];
  const look = setInterval(() => {
    const now = performance.now();
    const ms = now - last - EVERY;
    if (ms > LATE) lines.push({ until: Date.now(), ms });
    last = now;
  }, EVERY);
  const write = setInterval(() => {
    if (existsSync(`${file}.gc`)) {
      rmSync(`${file}.gc`);
      collectGarbage();
      lines.push({ heap: process.memoryUsage().heapUsed });
    }
    appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    lines = [];
    last = performance.now();
  }, 500);
  context.subscriptions.push({ dispose: () => [look, write].forEach(clearInterval) });
};

/** The floor of every panel: a page of three words, which marks the frame that shows them. */
function openEmptyPage() {
  const panel = vscode.window.createWebviewPanel('planwrightBench', 'Empty', vscode.ViewColumn.Active, {
    enableScripts: true,
  });
  panel.webview.html = `<!DOCTYPE html><body><p id="empty">Nothing is here</p><script>
    addEventListener('load', () => requestAnimationFrame(() => setTimeout(() => performance.mark('drawn'))));
  </script></body>`;
}
