import * as vscode from 'vscode';
import type { App } from '../app.ts';
import {
  canUndo,
  isModeOnly,
  type Left,
  MOST_EDITS,
  type Restored,
  type RestoreStep,
} from '../hosts/node/git/restore.ts';
import type { PlannedRestore } from '../hosts/node/git/runCheckpoints.ts';
import type { ShownChanges } from '../views/checkpointChanges.ts';
import type { Checkpoint } from '../workflow/ports.ts';

/** Brings files back as they were at a checkpoint, once the developer has seen what changes; the present is kept first. */
export async function restoreCheckpoint(app: App, runId = app.currentRun()): Promise<void> {
  if (!runId) return;
  const { checkpoints } = app.services();
  const why = await checkpoints.unavailable();
  if (why) return void vscode.window.showInformationMessage(why);
  const then = await pickCheckpoint(app, runId);
  if (!then) return;
  const plan = await checkpoints.planRestore(runId, then);
  try {
    await restorePlanned(app, plan, then);
  } finally {
    await plan.drop();
  }
}

async function restorePlanned(app: App, plan: PlannedRestore, then: Checkpoint): Promise<void> {
  const { steps, left } = plan;
  if (steps.length === 0) {
    const same = vscode.l10n.t('Your files are as they were at this checkpoint.');
    return void vscode.window.showInformationMessage([same, ...leftText(left)].join(' '));
  }
  const changes = app.checkpointChanges.of(plan, then.id);
  try {
    await changes.showAll();
    const chosen = await pickSteps(then, steps, changes);
    if (!chosen?.length || !(await isAgreed(then, chosen, left))) return;
    tell(await plan.apply(chosen));
  } finally {
    changes.dispose();
  }
}

async function pickCheckpoint(app: App, runId: string): Promise<Checkpoint | undefined> {
  const checkpoints = app.feed.view(runId)?.checkpoints ?? [];
  if (checkpoints.length === 0) {
    const none = vscode.l10n.t('This run has no checkpoint.');
    const off = vscode.l10n.t('The setting “planwright.git.checkpoints” is off.');
    void vscode.window.showInformationMessage(app.services().checkpoints.enabled ? none : `${none} ${off}`);
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

/** Which of the files; their diffs stay open behind the list. Undefined when the developer leaves. */
function pickSteps(
  { id }: Checkpoint,
  steps: readonly RestoreStep[],
  changes: ShownChanges,
): Promise<readonly RestoreStep[] | undefined> {
  const one = { iconPath: new vscode.ThemeIcon('diff-single'), tooltip: vscode.l10n.t('Show what would change') };
  const all = { iconPath: new vscode.ThemeIcon('diff-multiple'), tooltip: vscode.l10n.t('Show all changes') };
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly step: RestoreStep }>();
  pick.title = vscode.l10n.t('Restore these files from checkpoint {0}?', id);
  pick.placeholder = vscode.l10n.t('What is not ticked stays. The present state becomes a checkpoint first.');
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.buttons = [all];
  pick.items = steps.map((step) => ({
    step,
    label: step.path,
    description: stepText(step),
    buttons: isModeOnly(step) ? [] : [one],
  }));
  pick.selectedItems = pick.items;
  return new Promise((resolve) => {
    pick.onDidTriggerItemButton(({ item }) => changes.showOne(item.step));
    pick.onDidTriggerButton(() => changes.showAll());
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.map(({ step }) => step));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function stepText(step: RestoreStep): string {
  const { action, then } = step;
  if (isModeOnly(step)) {
    return then?.kind === 'executable'
      ? vscode.l10n.t('becomes executable again')
      : vscode.l10n.t('is no longer executable');
  }
  switch (action) {
    case 'create':
      return vscode.l10n.t('comes back');
    case 'modify':
      return then?.kind === 'link' ? vscode.l10n.t('becomes the link it was') : vscode.l10n.t('becomes as it was');
    case 'delete':
      return vscode.l10n.t('is removed: it was not there');
  }
}

async function isAgreed({ id }: Checkpoint, chosen: readonly RestoreStep[], left: readonly Left[]): Promise<boolean> {
  const gone = chosen.filter(({ action }) => action === 'delete').length;
  const detail = [
    ...(gone > 0 ? [vscode.l10n.t('Files that were made since and are removed: {0}.', gone)] : []),
    vscode.l10n.t('The present state becomes a checkpoint first, from which all of it can be brought back.'),
    ...(canUndo(chosen)
      ? []
      : [vscode.l10n.t('These are more than {0} files: the editor’s own undo does not bring them back.', MOST_EDITS)]),
    ...leftText(left),
  ].join(' ');
  const restore = vscode.l10n.t('Restore');
  const question = vscode.l10n.t('Restore {0} files from checkpoint {1}?', chosen.length, id);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, restore)) === restore;
}

function leftText(left: readonly Left[]): string[] {
  return left.map(({ path, why }) => vscode.l10n.t('{0} differs and stays as it is: {1}.', path, why));
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
