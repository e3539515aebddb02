import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import type { RunView } from '../workflow/runState.ts';
import { phaseWord } from './stateWords.ts';
import { told } from './told.ts';

/** Phase, progress and pending hunks of the newest run, in the status bar. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('planwright.status', vscode.StatusBarAlignment.Left, 10);
  readonly #unsubscribe: () => void;

  constructor(feed: RunFeed) {
    this.#item.name = 'Planwright';
    this.#item.command = 'planwright.openPanel';
    const show = () => this.#show(feed.latest());
    this.#unsubscribe = feed.onMove(show);
    show();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#item.dispose();
  }

  #show(view: RunView | null): void {
    if (!view) {
      this.#item.hide();
      return;
    }
    const { text, tooltip, urgent } = describe(view);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `Planwright: ${tooltip}` };
    this.#item.backgroundColor = urgent ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.show();
  }
}

function describe(view: RunView): { text: string; tooltip: string; urgent: boolean } {
  const phase = phaseWord(view.currentPhase ?? 'planning');
  const pending = view.pendingHunks > 0 ? vscode.l10n.t('{0} to decide', view.pendingHunks) : '';
  switch (view.status) {
    case 'queued':
    case 'in_progress':
      return {
        text: `$(sync~spin) ${phase} ${Math.round(view.progress)}%${pending && ` · ${pending}`}`,
        tooltip: vscode.l10n.t('{0} in progress', phase),
        urgent: false,
      };
    case 'waiting':
      return {
        text: `$(bell-dot) Planwright: ${pending || vscode.l10n.t('needs you')}`,
        tooltip: vscode.l10n.t('The workflow waits for your decision'),
        urgent: true,
      };
    case 'completed':
      return { text: '$(pass) Planwright', tooltip: vscode.l10n.t('The last workflow is complete'), urgent: false };
    case 'failed':
      return {
        text: '$(error) Planwright',
        tooltip: view.error ? told(view.error.message) : vscode.l10n.t('The last workflow failed'),
        urgent: false,
      };
    case 'cancelled':
      return {
        text: '$(circle-slash) Planwright',
        tooltip: vscode.l10n.t('The last workflow was cancelled'),
        urgent: false,
      };
  }
}
