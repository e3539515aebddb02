import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { told } from '../views/told.ts';
import type { TaskState } from '../workflow/runState.ts';

/** Cancel, try again and leave out: the commands about one task of a run that goes on. */

type Act = 'cancel' | 'retry' | 'skip';

const mayBe: Readonly<Record<Act, readonly TaskState[]>> = {
  cancel: ['pending', 'running'],
  retry: ['failed', 'cancelled'],
  skip: ['failed', 'cancelled'],
};

/** @param taskId asked for when absent */
export async function actOnTask(app: App, act: Act, runId = app.currentRun(), taskId?: string): Promise<void> {
  const task = taskId ?? (runId && (await pickTask(app, act, runId)));
  if (!runId || !task) return;
  const { cancelTask, retryTask, skipTask } = await import('../workflow/phases/taskControl.ts');
  const change = { cancel: cancelTask, retry: retryTask, skip: skipTask }[act];
  change(app.services().store, runId, task, 'developer');
}

async function pickTask(app: App, act: Act, runId: string): Promise<string | undefined> {
  const view = app.feed.view(runId);
  const inTime = view?.phases.implementation.state === 'active' ? view.plan?.tasks : [];
  const tasks = (inTime ?? []).filter(({ id }) => mayBe[act].includes(view?.tasks[id]?.state ?? 'pending'));
  if (tasks.length === 0) {
    void vscode.window.showInformationMessage(
      act === 'cancel'
        ? vscode.l10n.t('No task of this workflow is being worked on, or waits to be.')
        : vscode.l10n.t('No task of this workflow has failed or was cancelled.'),
    );
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    tasks.map(({ id, title }) => ({
      id,
      label: `${id} ${title}`,
      description: told(view?.tasks[id]?.error?.message ?? ''),
    })),
    { title: titleOf(act) },
  );
  return picked?.id;
}

function titleOf(act: Act): string {
  switch (act) {
    case 'cancel':
      return vscode.l10n.t('Cancel which task?');
    case 'retry':
      return vscode.l10n.t('Try which task again?');
    case 'skip':
      return vscode.l10n.t('Go on without which task?');
  }
}
