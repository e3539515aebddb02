import * as vscode from 'vscode';
import type { FromDashboard, ToDashboard } from '../protocol.ts';
import type { DashboardData, WindowName } from '../workflow/metrics/dashboardData.ts';
import { mediaFolder, webviewPage } from './webviewPage.ts';

/** While runs go on the figures are computed anew at most this often, in milliseconds. */
const REFRESH_MS = 2000;

export interface DashboardOptions {
  readonly extensionUri: vscode.Uri;
  readonly compute: (window: WindowName) => DashboardData;
  /** Hears of every event of every run; answers how to stop. */
  readonly onChange: (listener: () => void) => () => void;
  readonly exportCsv: (data: DashboardData) => Promise<void>;
  /** Does something and shows its failure. */
  readonly guarded: (what: string, work: () => Promise<unknown> | unknown) => Promise<void>;
}

/** Shows the figures of a window of time in an editor tab, and keeps them up to date while it can be seen. */
export class Dashboard implements vscode.Disposable {
  readonly #options: DashboardOptions;
  readonly #unsubscribe: () => void;
  #panel: vscode.WebviewPanel | undefined;
  /** What the page asked for last; undefined until it has. */
  #window: WindowName | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stale = false;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#unsubscribe = options.onChange(() => this.#changed());
  }

  /** Opens the dashboard, or brings it forward. */
  show(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, false);
      return;
    }
    this.adopt(
      vscode.window.createWebviewPanel(
        'planwright.dashboard',
        vscode.l10n.t('Planwright dashboard'),
        vscode.ViewColumn.Active,
        {
          enableScripts: true,
          localResourceRoots: [mediaFolder(this.#options.extensionUri)],
        },
      ),
    );
  }

  /** Takes over a panel that VS Code restored. */
  adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#window = undefined;
    const { extensionUri } = this.#options;
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', `tab-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [mediaFolder(extensionUri)] };
    panel.webview.onDidReceiveMessage((message: FromDashboard) => this.#receive(message));
    panel.onDidChangeViewState(() => {
      if (this.#stale) this.#changed();
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    panel.webview.html = webviewPage(panel.webview, mediaFolder(extensionUri), 'dashboard', {
      title: vscode.l10n.t('Planwright dashboard'),
      heading: vscode.l10n.t('Dashboard'),
    });
  }

  dispose(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#panel?.dispose();
  }

  #receive(message: FromDashboard): void {
    switch (message.type) {
      case 'window':
        this.#window = message.window;
        this.#send();
        break;
      case 'export': {
        const { compute, exportCsv, guarded } = this.#options;
        const window = this.#window;
        if (window) void guarded('export', () => exportCsv(compute(window)));
      }
    }
  }

  /** One computation for all that happens within the time until it; none for a page that nobody sees. */
  #changed(): void {
    if (!this.#panel) return;
    this.#stale = true;
    if (!this.#panel.visible) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, REFRESH_MS);
  }

  #send(): void {
    const { compute, guarded } = this.#options;
    const [panel, window] = [this.#panel, this.#window];
    if (!panel || !window) return;
    this.#stale = false;
    void guarded('dashboard', () => {
      void panel.webview.postMessage({ type: 'figures', data: compute(window) } satisfies ToDashboard);
    });
  }
}
