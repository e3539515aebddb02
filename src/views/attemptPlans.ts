import * as vscode from 'vscode';
import type { Store } from '../workflow/engine/store.ts';
import { planMarkdown } from '../workflow/planMarkdown.ts';
import { replay } from '../workflow/runState.ts';
import { ownLanguage } from './told.ts';

const SCHEME = 'planwright-plan';

/** The plans of a run's attempts as documents that can be read and compared. */
export class AttemptPlans implements vscode.Disposable {
  readonly #store: Store;
  readonly #registration: vscode.Disposable;

  constructor(store: Store) {
    this.#store = store;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: ({ path }) => {
        const [, runId = '', attempt = '1'] = path.split('/');
        return this.#content(runId, Number(attempt));
      },
    });
  }

  /** Plan against plan, score against score. */
  async compare(runId: string, left: number, right: number): Promise<void> {
    await vscode.commands.executeCommand(
      'vscode.diff',
      uriOf(runId, left),
      uriOf(runId, right),
      vscode.l10n.t('Plan of attempt {0} ↔ attempt {1}', left, right),
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }

  #content(runId: string, attempt: number): string {
    const view = replay(this.#store.events(runId, 0).filter((stored) => stored.attempt === attempt));
    if (!view?.plan) return vscode.l10n.t('Attempt {0} has no plan.', attempt);
    const { review } = view.reviews.find(({ round }) => round === view.planRound) ?? {};
    return planMarkdown(view.plan, review, ownLanguage);
  }
}

function uriOf(runId: string, attempt: number): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${runId}/${attempt}/plan.md` });
}
