import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { phaseWord, statusWord } from '../views/stateWords.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import type { RunView } from '../workflow/runState.ts';

/** Finds a run of this workspace by its title, request, requirements, state or date, and shows it. */
export async function searchRuns(app: App): Promise<void> {
  const runs = app.feed.all();
  if (runs.length === 0) {
    throw new PlanwrightError('NOT_FOUND', 'This workspace has no run yet.', {
      hint: 'Start an implementation workflow.',
    });
  }
  const picked = await vscode.window.showQuickPick(runs.map(item), {
    title: vscode.l10n.t('Search runs'),
    placeHolder: vscode.l10n.t('A word of the request, a state or a date'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked) app.panel.show(picked.runId);
}

function item({ runId, plan, input, status, paused, currentPhase, startedAt, reviews, pendingHunks }: RunView) {
  const score = reviews.at(-1)?.review.score;
  const facts = [
    paused ? vscode.l10n.t('paused') : statusWord(status),
    ...(currentPhase ? [phaseWord(currentPhase)] : []),
    ...(score === undefined ? [] : [vscode.l10n.t('score {0}', score)]),
    ...(pendingHunks > 0 ? [vscode.l10n.t('{0} to decide', pendingHunks)] : []),
    new Date(startedAt).toLocaleString(vscode.env.language),
  ];
  return {
    runId,
    label: plan?.title ?? input.request.split('\n', 1)[0] ?? runId,
    description: facts.join(' · '),
    detail: [input.request, ...input.requirements].join(' · ').replace(/\s+/g, ' ').slice(0, 300),
  };
}
