import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.ts';
import type { Environment, ToPanel } from '../../src/protocol.ts';
import type { PackedView } from '../../src/workflow/packedView.ts';
import { packView } from '../../src/workflow/packView.ts';
import type { RunView } from '../../src/workflow/runState.ts';

const address = 'http://panel.test';

const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><link rel="stylesheet" href="/panel.css"></head>
<body data-page="panel"><div id="root"></div><script type="application/json" id="l10n">{}</script></body></html>`;

/** As long as the window that would run it is not there. */
export const nobodyWorks: Environment = {
  model: 'openai:gpt-5',
  hasFolder: true,
  active: false,
  elsewhere: true,
  now: Date.now(),
  completion: null,
  attempts: [1],
};

/** The panel's page without VS Code around it: the same script and style, and a host that only says what it is told to. */
export class PanelAlone {
  readonly page: Page;
  #bytes: PackedView = new Uint8Array();

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param script instead of the built one */
  static async launch(browser: Browser, script?: string): Promise<PanelAlone> {
    const alone = new PanelAlone(await browser.newPage({ viewport: { width: 1000, height: 800 } }));
    const media = (name: string) => readFileSync(join(root, 'dist', 'media', name));
    await alone.page.route(`${address}/**`, (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: html });
      if (path === '/view') return route.fulfill({ body: Buffer.from(alone.#bytes) });
      const body = path === '/panel.js' && script !== undefined ? script : media(path.slice(1));
      return route.fulfill({ body, contentType: path.endsWith('.css') ? 'text/css' : 'text/javascript' });
    });
    return alone;
  }

  /**
   * Loads the page and shows the run as soon as the page asks for it.
   * @param tab the one that the page itself remembers, from the time 10
   * @param place what the extension has kept
   * @returns milliseconds from its request until the frame with the run was drawn
   */
  async open(view: RunView, tab: string | null = null, place?: unknown): Promise<number> {
    this.#bytes = packView(view);
    const { page } = this;
    await page.goto(address);
    await page.evaluate(
      async ({ environment, runId, remembered, place }) => {
        const packed = new Uint8Array(await (await fetch('/view')).arrayBuffer());
        let kept: unknown = remembered;
        Object.assign(window, {
          acquireVsCodeApi: () => ({
            getState: () => kept,
            setState: (state: unknown) => {
              kept = state;
            },
            postMessage: ({ type }: { type: string }) => {
              if (type !== 'ready') return;
              performance.mark('asked');
              window.postMessage({ type: 'show', runId, view: packed, environment, place }, '*');
            },
          }),
        });
        const script = document.createElement('script');
        script.src = '/panel.js';
        document.body.append(script);
      },
      { environment: nobodyWorks, runId: view.runId, remembered: tab && { runId: view.runId, at: 10, tab }, place },
    );
    await page.waitForFunction(() => performance.getEntriesByName('planwright:run-drawn').length > 0);
    return page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      return at('planwright:run-drawn') - at('asked');
    });
  }

  async send(message: ToPanel): Promise<void> {
    await this.page.evaluate((sent) => window.postMessage(sent, '*'), message);
  }
}

/** The panel's script, which adds to the list `window.drawn` what it draws, each time, by its data-testid. */
export async function countingScript(): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    stdin: {
      resolveDir: root,
      loader: 'ts',
      contents: `
        import { options } from 'preact';
        const drawn = (window.drawn = []);
        const before = options.__r;
        options.__r = (vnode) => {
          before?.(vnode);
          if (vnode.type.prototype?.shouldComponentUpdate) return; // It stands around one of those below.
          const { proposal, toggle, hunk, task } = vnode.props;
          if (proposal && toggle) drawn.push('proposal-' + proposal.id);
          if (hunk) drawn.push('hunk-' + hunk.id);
          if (task && 'checked' in vnode.props) drawn.push('task-' + task.id);
        };
        import('./media/panel.tsx');`,
    },
  });
  return result.outputFiles[0]?.text ?? '';
}
