import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../scripts/lib/paths.ts';
import type { Environment, FromPanel, ToPanel } from '../../src/protocol.ts';
import { pageHtml } from '../../src/views/pageHtml.ts';
import type { PackedView } from '../../src/workflow/packedView.ts';
import { packView } from '../../src/workflow/packView.ts';
import type { RunView } from '../../src/workflow/runState.ts';
import { runTitle } from '../../src/workflow/runTitle.ts';

const address = 'http://panel.test';

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

/** The panel's page without VS Code around it: the same page, script and style, and a host that only says what it is told to. */
export class PanelAlone {
  readonly page: Page;
  #html = '';

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param script instead of the built one */
  static async launch(browser: Browser, script?: string): Promise<PanelAlone> {
    const alone = new PanelAlone(await browser.newPage({ viewport: { width: 1000, height: 800 } }));
    await alone.page.route(`${address}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1);
      if (name === '') return route.fulfill({ contentType: 'text/html', body: alone.#html });
      const body = name === 'panel.js' && script !== undefined ? script : media(name);
      return route.fulfill({ body, ...(name.endsWith('.js') ? { contentType: 'text/javascript' } : {}) });
    });
    return alone;
  }

  /**
   * Loads the page, which is shown the run before its script is there, as VS Code does it, and whenever it asks.
   * @param tab the one that the page itself remembers, from the time 10
   * @param place what the extension has kept
   * @returns milliseconds from when it was handed the run until the frame with it was drawn
   */
  async open(view: RunView, tab: string | null = null, place?: unknown): Promise<number> {
    const page = pageHtml({
      name: 'panel',
      title: 'Planwright',
      heading: runTitle(view),
      language: 'en',
      words: {},
      style: media('panel.css').toString().replaceAll('url("./', `url("${address}/`),
      scriptAddress: `${address}/panel.js`,
      fontSource: address,
      nonce: 'alone',
    });
    const remembered = tab === null ? null : { runId: view.runId, at: 10, tab };
    const show = { type: 'show', runId: view.runId, environment: nobodyWorks, place };
    this.#html = page.replace('<head>', `<head>${host(packView(view), show, remembered)}`);
    await this.page.goto(address);
    await this.page.waitForFunction(() => performance.getEntriesByName('planwright:run-drawn').length > 0);
    return this.page.evaluate(() => {
      const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      return at('planwright:run-drawn') - at('handed');
    });
  }

  /** From now on the page is handed these bytes when it asks for the run. */
  async handInstead(view: readonly number[]): Promise<void> {
    await this.page.evaluate((bytes) => Object.assign(window, { instead: Uint8Array.from(bytes) }), view);
  }

  /** What the page has posted so far. */
  posted(): Promise<readonly FromPanel[]> {
    return this.page.evaluate(() => (window as unknown as { posted: readonly FromPanel[] }).posted);
  }

  async send(message: ToPanel): Promise<void> {
    await this.page.evaluate((sent) => window.postMessage(sent, '*'), message);
  }
}

function media(name: string): Buffer {
  return readFileSync(join(root, 'dist', 'media', name));
}

/** A script in the place of VS Code. */
function host(view: PackedView, show: unknown, remembered: unknown): string {
  return `<script>
    const view = Uint8Array.from(atob('${Buffer.from(view).toString('base64')}'), (each) => each.charCodeAt(0));
    let kept = ${JSON.stringify(remembered)};
    const handOver = () => {
      performance.mark('handed');
      postMessage({ ...${JSON.stringify(show)}, view: window.instead ?? view }, '*');
    };
    window.posted = [];
    window.acquireVsCodeApi = () => ({
      getState: () => kept,
      setState: (state) => {
        kept = state;
      },
      postMessage: (message) => {
        posted.push(message);
        if (message.type === 'ready' && !message.told) handOver();
      },
    });
    addEventListener('load', handOver);
  </script>`;
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
