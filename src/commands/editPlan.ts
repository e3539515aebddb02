import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { readSettings } from '../hosts/vscode/settings.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { carriedOver } from '../workflow/review/carriedOver.ts';
import type { Plan } from '../workflow/schemas.ts';

/** Opens the plan that waits for approval as JSON. */
export async function editPlan(app: App, runId = app.currentRun()): Promise<void> {
  const view = runId ? app.feed.view(runId) : null;
  if (!runId || !view?.plan || !approvalGate(app, runId)) throw nothingToEdit();
  await app.planEditor.open(runId, view.planRound, view.plan);
}

/** Takes the plan in the editor instead of the one that waits for approval. */
export async function usePlan(app: App): Promise<void> {
  const edited = await app.planEditor.active();
  const gate = edited && approvalGate(app, edited.runId);
  if (!edited || !gate) throw nothingToEdit();
  const data = { plan: JSON.stringify(edited.plan) };
  app.services().decide(edited.runId, gate.id, { choice: 'edit', data, by: 'developer' });
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  app.panel.show(edited.runId);
}

/** Tells the panel what the plan it is editing would score, as far as that can be said without a reviewer. */
export async function lintDraft(app: App, runId: string, number: number, plan: Plan): Promise<void> {
  const review = app.feed.view(runId)?.reviews.at(-1)?.review;
  if (!review) return;
  const files = new Set(await app.services().workspace.listFiles());
  app.panel.linted(number, carriedOver(review, plan, files, readSettings().workflow));
}

function approvalGate(app: App, runId: string) {
  return app.feed.view(runId)?.openGates.find(({ kind }) => kind === 'plan-approval');
}

function nothingToEdit(): PlanwrightError {
  return new PlanwrightError('NOT_FOUND', 'No plan waits for your approval.', {
    hint: 'A plan can be edited when the workflow asks you to approve it; restart from a phase to come back there.',
  });
}
