import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { artifacts, root, sample } from './paths.ts';
import { freePort } from './processes.ts';
import { prepareServer, type RunningServer, serveForTests } from './vscodeServer.ts';

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Ask whether the folder is trusted, as VS Code does; without it every folder is. */
  readonly workspaceTrust?: boolean;
  /** Folders of other extensions that are installed too. */
  readonly extensions?: readonly string[];
}

const defaults = {
  'planwright.model': 'demo',
  'planwright.demo.speed': 0,
  // Tests about checks switch them on.
  'planwright.checks.run': 'never',
  'planwright.checks.editor': false,
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
};

/** A real VS Code in a real browser on a copy of the sample, with the extension under development. */
export class Workbench {
  readonly folder: string;
  readonly scratch: string;
  readonly server: RunningServer;
  readonly browser: Browser;
  readonly page: Page;

  private constructor(scratch: string, server: RunningServer, browser: Browser, page: Page) {
    this.scratch = scratch;
    this.folder = join(scratch, 'slugs');
    this.server = server;
    this.browser = browser;
    this.page = page;
  }

  static async launch({
    settings,
    env,
    viewport = { width: 1400, height: 900 },
    workspaceTrust = false,
    extensions = [],
  }: WorkbenchOptions = {}): Promise<Workbench> {
    await prepareServer();
    const scratch = mkdtempSync(join(tmpdir(), 'planwright-workbench-'));
    cpSync(sample, join(scratch, 'slugs'), { recursive: true });
    const machine = join(scratch, 'data', 'data', 'Machine');
    mkdirSync(machine, { recursive: true });
    mkdirSync(join(scratch, 'extensions'));
    for (const folder of extensions) cpSync(folder, join(scratch, 'extensions', basename(folder)), { recursive: true });
    writeFileSync(join(machine, 'settings.json'), JSON.stringify({ ...defaults, ...settings }));
    const server = await serveForTests({
      port: await freePort(),
      data: join(scratch, 'data'),
      extensions: join(scratch, 'extensions'),
      workspaceTrust,
      ...(env ? { env } : {}),
    });
    const browser = await openBrowser();
    const page = await browser.newPage({ viewport });
    return new Workbench(scratch, server, browser, page);
  }

  /** A second window on the same server, as another tab of the browser; close its page when done. */
  async anotherWindow(): Promise<Workbench> {
    const viewport = this.page.viewportSize();
    return new Workbench(this.scratch, this.server, this.browser, await this.browser.newPage({ viewport }));
  }

  /** The database of the folder's runs, once there is one. */
  database(): string {
    const found = globSync('data/data/User/globalStorage/planwright.planwright/workspaces/*/planwright.db', {
      cwd: this.scratch,
    });
    if (found[0] === undefined) throw new Error('There is no database yet.');
    return join(this.scratch, found[0]);
  }

  /** Opens the folder (or none) in a window; with `testsPath` it runs those host tests. */
  async open({
    folder = this.folder,
    testsPath,
    expose,
  }: {
    folder?: string | null;
    testsPath?: string;
    expose?: (page: Page) => Promise<void>;
  } = {}): Promise<void> {
    const authority = this.server.address.replace('http://', '');
    const remote = (path: string) => `vscode-remote://${authority}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root.replace(/\/$/, ''))],
      ...(testsPath ? [['extensionTestsPath', remote(testsPath)]] : []),
      ['skipWelcome', 'true'],
    ];
    await expose?.(this.page);
    const opened = folder === null ? 'ew=true' : `folder=${encodeURIComponent(folder)}`;
    const query = `${opened}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    await this.page.goto(`${this.server.address}/?${query}`);
    await this.page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
  }

  /** Reloads the window and shows the panel again, which may not have been stored as open yet. */
  async reload(): Promise<Frame> {
    await this.page.reload();
    await this.page.waitForSelector('.monaco-workbench', { timeout: 60_000 });
    await this.runCommand('Planwright: Show workflow');
    return this.panel();
  }

  async runCommand(title: string): Promise<void> {
    for (let tries = 0; tries < 20; tries++) {
      if (await this.#pickCommand(title).then(() => true, stopsWhenClosed)) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The command palette does not know “${title}”.`);
  }

  /** Each wait is short: a view that opens meanwhile takes the focus and closes the palette, which has to be asked again. */
  async #pickCommand(title: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input').first();
    await this.page.keyboard.press('F1');
    await input.waitFor({ state: 'visible', timeout: 5_000 });
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    // The list is made when something is typed: a command that an extension brings later is in the next one.
    for (let tries = 0; tries < 8 && !(await row.isVisible()); tries++) {
      await input.fill('>', { timeout: 3_000 });
      await input.fill(`>${title}`, { timeout: 3_000 });
      await row.waitFor({ timeout: 500 }).catch(() => {});
    }
    await row.click({ timeout: 1_000 });
  }

  /** Sets these beside the settings it was launched with; VS Code takes them in while it runs. */
  async setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const path = join(this.scratch, 'data', 'data', 'Machine', 'settings.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...settings }));
    await this.page.waitForTimeout(1500);
  }

  /**
   * The notification that has `text` in it, once there is one. A VS Code under test shows none by itself: they are in its
   * notification centre, which this opens.
   */
  async notificationItem(text: string | RegExp): Promise<Locator> {
    const center = this.page.locator('.notifications-center.visible');
    const item = center.locator('.notification-list-item', { hasText: text }).first();
    for (let tries = 0; tries < 15 && !(await item.isVisible()); tries++) {
      if (!(await center.isVisible())) await this.page.locator('[id="status.notifications"]').click();
      await item.waitFor({ state: 'visible', timeout: 2_000 }).catch(() => {});
    }
    await item.waitFor({ state: 'visible', timeout: 1_000 });
    return item;
  }

  /** The text of the notification that has `text` in it, once there is one; all of them are cleared then. */
  async notification(text: string): Promise<string> {
    const found = (await (await this.notificationItem(text)).textContent()) ?? '';
    await this.runCommand('Notifications: Clear All Notifications');
    return found;
  }

  /** The text of the open input box, once its title has `title` in it. */
  async inputBox(title: string, timeout = 20_000): Promise<string> {
    const widget = this.page.locator('.quick-input-widget', { hasText: title });
    await widget.waitFor({ state: 'visible', timeout });
    return this.page.locator('.quick-input-widget input.input').first().inputValue();
  }

  /** The panel's own document. */
  panel(): Promise<Frame> {
    return this.#webview('panel');
  }

  /** Opens the dashboard; answers its own document. */
  async dashboard(): Promise<Frame> {
    await this.runCommand('Planwright: Open dashboard');
    return this.#webview('dashboard');
  }

  #webview(page: 'panel' | 'dashboard'): Promise<Frame> {
    return this.frameWith(`[data-page="${page}"] #root`);
  }

  /** The document, of those in the window, that has what `selector` names, once there is one. */
  async frameWith(selector: string): Promise<Frame> {
    for (let tries = 0; tries < 200; tries++) {
      for (const frame of this.page.frames()) if (await frame.$(selector).catch(() => null)) return frame;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No page has ${selector}.`);
  }

  /** A picture in dist/artifacts; `name` has no ending. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(artifacts, { recursive: true });
    const path = join(artifacts, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.stop();
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** A wait that ran out is worth another try; a page that is gone is not. */
function stopsWhenClosed(error: Error): false {
  if (error.name === 'TimeoutError') return false;
  throw error;
}
