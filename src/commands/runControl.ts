import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { Gate } from '../workflow/engine/events.ts';
import { type PhaseName, phaseNames } from '../workflow/schemas.ts';
import { editPlan } from './editPlan.ts';

/** Cancel, resume, restart and delete: the commands about a whole run. */

export async function cancel(app: App, runId = app.currentRun()): Promise<void> {
  if (runId) await app.services().cancel(runId);
}

export async function pause(app: App, runId = app.currentRun()): Promise<void> {
  if (runId) await app.services().pause(runId);
}

export async function resume(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  await app.services().resume(runId);
  app.panel.show(runId);
}

export async function restart(app: App, runId = app.currentRun(), from?: PhaseName): Promise<void> {
  if (!runId) return;
  const phase =
    from ??
    ((await vscode.window.showQuickPick([...phaseNames], {
      title: vscode.l10n.t('Restart from which phase?'),
      placeHolder: vscode.l10n.t('Everything before it is kept; the earlier attempt stays readable'),
    })) as PhaseName | undefined);
  if (!phase) return;
  const attempts = app.services().store.listAttempts(runId);
  const source = attempts.length > 1 && from === undefined ? await pickAttempt(app, runId, sourceTitle()) : undefined;
  if (attempts.length > 1 && from === undefined && source === undefined) return;
  await app.services().restart(runId, phase, source);
  app.panel.show(runId);
}

function sourceTitle(): string {
  return vscode.l10n.t('Take the earlier phases from which attempt?');
}

/** Shows the plans and scores of two attempts side by side. */
export async function compareAttempts(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  if (app.services().store.listAttempts(runId).length < 2) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This run has one attempt. “Restart from phase…” begins another to compare it with.'),
    );
    return;
  }
  const left = await pickAttempt(app, runId, vscode.l10n.t('Compare which attempt…'));
  const right = left && (await pickAttempt(app, runId, vscode.l10n.t('…with which other one?'), left));
  if (left && right) await app.plans.compare(runId, left, right);
}

export async function pickAttempt(app: App, runId: string, title: string, not?: number): Promise<number | undefined> {
  const attempts = app.services().store.listAttempts(runId).reverse();
  const picked = await vscode.window.showQuickPick(
    attempts
      .filter(({ attempt }) => attempt !== not)
      .map(({ attempt, source, createdAt }) => ({
        attempt,
        label: vscode.l10n.t('Attempt {0}', attempt),
        description: new Date(createdAt).toLocaleString(),
        detail: source ? vscode.l10n.t('from {0} on, after attempt {1}', source.from, source.attempt) : '',
      })),
    { title },
  );
  return picked?.attempt;
}

export async function remove(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  const really = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete this run with its plan, reviews and proposals? Accepted edits stay in your files.'),
    { modal: true },
    really,
  );
  if (answer !== really) return;
  await app.services().remove(runId);
  app.feed.forget(runId);
}

/** Answers the open gate from the keyboard. */
export async function decide(app: App, runId = app.currentRun()): Promise<void> {
  const gate = runId ? app.feed.view(runId)?.openGates.find(({ kind }) => kind !== 'proposal') : undefined;
  if (!runId || !gate) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No workflow waits for a decision.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(
    gate.choices.map((choice) => ({ label: choice.label, detail: choice.description ?? '', choice })),
    { title: gate.title, placeHolder: gate.question },
  );
  if (!picked) return;
  if (picked.choice.wantsPlan) return editPlan(app, runId);
  if (picked.choice.wantsAnswers) return answer(app, runId, gate);
  const note = picked.choice.wantsNote
    ? await vscode.window.showInputBox({
        title: picked.label,
        prompt: vscode.l10n.t('Your words for the agent'),
        ignoreFocusOut: true,
      })
    : undefined;
  if (picked.choice.wantsNote && !note?.trim()) return;
  app.services().decide(runId, gate.id, { choice: picked.choice.id, ...(note ? { note } : {}), by: 'developer' });
}

/** Asks one question after the other; Escape leaves the gate as it is. */
async function answer(app: App, runId: string, { id: gateId, questions = [] }: Gate): Promise<void> {
  const data: Record<string, string> = {};
  for (const { id, question, suggestions, default: fallback } of questions) {
    const other = vscode.l10n.t('Another answer…');
    const picked = await vscode.window.showQuickPick([...new Set([fallback, ...suggestions]), other], {
      title: question,
      ignoreFocusOut: true,
    });
    const said =
      picked === other ? await vscode.window.showInputBox({ title: question, ignoreFocusOut: true }) : picked;
    if (said === undefined) return;
    data[id] = said;
  }
  app.services().decide(runId, gateId, { choice: 'answer', data, by: 'developer' });
}
