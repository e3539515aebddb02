import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { Restored, RestoreStep } from '../hosts/node/git/restore.ts';
import type { Checkpoint } from '../workflow/ports.ts';

/** Brings files back as they were at a checkpoint, once the developer has seen which; the present is kept first. */
export async function restoreCheckpoint(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  const services = app.services();
  const why = await services.checkpoints.unavailable();
  if (why) return void vscode.window.showInformationMessage(why);
  const then = await pickCheckpoint(app, runId);
  if (!then) return;
  const { steps, apply, drop } = await services.checkpoints.planRestore(runId, then);
  if (steps.length === 0) {
    await drop();
    void vscode.window.showInformationMessage(vscode.l10n.t('Your files are as they were at this checkpoint.'));
    return;
  }
  const chosen = await pickSteps(then, steps);
  if (!chosen?.length) return drop();
  tell(await apply(chosen));
}

async function pickCheckpoint(app: App, runId: string): Promise<Checkpoint | undefined> {
  const checkpoints = app.feed.view(runId)?.checkpoints ?? [];
  if (checkpoints.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('This run has no checkpoint.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    checkpoints.toReversed().map((checkpoint) => ({
      checkpoint,
      label: vscode.l10n.t('{0}: {1}', checkpoint.id, checkpoint.reason),
      description: new Date(checkpoint.at).toLocaleString(),
      detail: checkpoint.commit.slice(0, 10),
    })),
    { title: vscode.l10n.t('Restore which checkpoint?') },
  );
  return picked?.checkpoint;
}

async function pickSteps(
  { id }: Checkpoint,
  steps: readonly RestoreStep[],
): Promise<readonly RestoreStep[] | undefined> {
  const words: Readonly<Record<RestoreStep['action'], string>> = {
    create: vscode.l10n.t('comes back'),
    modify: vscode.l10n.t('becomes as it was'),
    delete: vscode.l10n.t('is removed: it was not there'),
  };
  const picked = await vscode.window.showQuickPick(
    steps.map((step) => ({ step, label: step.path, description: words[step.action], picked: true })),
    {
      canPickMany: true,
      ignoreFocusOut: true,
      title: vscode.l10n.t('Restore these files from checkpoint {0}?', id),
      placeHolder: vscode.l10n.t('What is not ticked stays. The present state becomes a checkpoint first.'),
    },
  );
  return picked?.map(({ step }) => step);
}

function tell({ paths, failed }: Restored): void {
  if (failed.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Restored {0} files.', paths.length));
    return;
  }
  const list = failed.map(({ path, why }) => `${path}: ${why}`).join(' ');
  void vscode.window.showWarningMessage(
    vscode.l10n.t('Restored {0} files; {1} stay as they are. {2}', paths.length, failed.length, list),
  );
}
