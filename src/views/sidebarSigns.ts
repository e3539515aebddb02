import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import type { RunView } from '../workflow/runState.ts';

/** What the sidebar tells without being looked at: a badge with what waits for the developer, a bar while agents work. */
export class SidebarSigns implements vscode.Disposable {
  readonly #sidebar: vscode.TreeView<unknown>;
  readonly #unsubscribe: () => void;
  #stopBar: (() => void) | undefined;

  constructor(feed: RunFeed, sidebar: vscode.TreeView<unknown>) {
    this.#sidebar = sidebar;
    const show = () => this.#show(feed.latest());
    this.#unsubscribe = feed.onMove(show);
    show();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#stopBar?.();
    this.#sidebar.badge = undefined;
  }

  #show(view: RunView | null): void {
    const waiting = view ? waitsFor(view) : 0;
    this.#sidebar.badge =
      waiting > 0 ? { value: waiting, tooltip: vscode.l10n.t('Planwright: {0} to decide', waiting) } : undefined;
    const working = view?.status === 'in_progress' || view?.status === 'queued';
    if (working) this.#stopBar ??= this.#startBar();
    else this.#endBar();
  }

  #startBar(): () => void {
    let stop: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      stop = resolve;
    });
    void vscode.window.withProgress({ location: { viewId: 'planwright.runs' } }, () => ended);
    return stop;
  }

  #endBar(): void {
    this.#stopBar?.();
    this.#stopBar = undefined;
  }
}

/** Hunks to decide, and the questions of a run that is still going on. */
function waitsFor({ status, pendingHunks, openGates }: RunView): number {
  const ended = status === 'completed' || status === 'failed' || status === 'cancelled';
  return pendingHunks + (ended ? 0 : openGates.filter(({ kind }) => kind !== 'proposal').length);
}
