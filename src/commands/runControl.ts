import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type PhaseName, phaseNames } from '../workflow/schemas.ts';

/** Cancel, resume, restart and delete: the commands about a whole run. */

export async function cancel(app: App, runId = app.currentRun()): Promise<void> {
  if (runId) await app.services().cancel(runId);
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
  await app.services().restart(runId, phase);
  app.panel.show(runId);
}

export async function remove(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  const really = vscode.l10n.t('Delete');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete this run with its plan, reviews and proposals? Accepted edits stay in your files.'),
    { modal: true },
    really,
  );
  if (answer === really) await app.services().remove(runId);
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
