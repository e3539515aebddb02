import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { ProposalKey } from '../views/proposalUri.ts';
import { told } from '../views/told.ts';
import { asPlanwrightError } from '../workflow/errors.ts';
import { isDangerousChange } from '../workflow/guards.ts';
import { requireTrust, saveProposal } from './hunks.ts';

/** The commands on everything pending of a task, or of the whole run. */

/** What a command is about; without a task, all of the run. */
export interface Scope {
  readonly runId: string;
  readonly taskId?: string;
}

/** Shows everything a task proposes in one editor. */
export async function openTaskChanges(app: App, { runId, taskId }: Scope): Promise<void> {
  const entries = pendingIn(app, { runId, ...(taskId === undefined ? {} : { taskId }) });
  const sides = await Promise.all(entries.map((key) => app.diff.sides(key)));
  const shown = sides.filter((side) => side !== undefined);
  if (shown.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Every hunk is decided.'));
    return;
  }
  const title = taskId === undefined ? vscode.l10n.t('Proposed changes') : vscode.l10n.t('Proposed by {0}', taskId);
  await vscode.commands.executeCommand(
    'vscode.changes',
    title,
    shown.map(({ left, right }) => [right, left, right]),
  );
}

/**
 * Accepts every pending hunk that is not in conflict, after one question. Files that can run code are left for a
 * decision of their own; a file that cannot be written does not keep the others from it.
 */
export async function acceptPending(app: App, scope: Scope): Promise<void> {
  requireTrust();
  const all = pendingIn(app, scope);
  const plain = all.filter((entry) => !isDangerousChange(entry));
  if (all.length === 0 || !(await agreed(plain.length, all.length - plain.length))) return;
  const failures: string[] = [];
  for (const key of plain) {
    try {
      await saveProposal(key);
      await app.services().book.acceptAll(key.runId, key.attempt, key.proposalId, 'developer');
    } catch (thrown) {
      failures.push(told(asPlanwrightError(thrown).message));
    }
  }
  if (failures.length > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} files were not written: {1}', failures.length, failures.join(' ')),
    );
  }
}

export async function rejectPending(app: App, scope: Scope): Promise<void> {
  const all = pendingIn(app, scope);
  if (all.length === 0) return;
  const reject = vscode.l10n.t('Reject');
  const question = vscode.l10n.t('Reject what is pending in {0} files?', all.length);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, reject)) !== reject) return;
  for (const key of all) await app.services().book.rejectAll(key.runId, key.attempt, key.proposalId, 'developer');
}

async function agreed(files: number, left: number): Promise<boolean> {
  const accept = vscode.l10n.t('Accept');
  const detail =
    left === 0
      ? ''
      : vscode.l10n.t('{0} more can run code when they change and stay for you to decide one by one.', left);
  const question = vscode.l10n.t('Accept what is pending in {0} files?', files);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, accept)) === accept;
}

function pendingIn(app: App, { runId, taskId }: Scope) {
  return app
    .services()
    .book.latest(runId)
    .filter(({ state }) => taskId === undefined || state.taskId === taskId)
    .filter(({ state }) => state.hunks.some(({ decision }) => decision === 'pending'))
    .map(({ attempt, state }) => ({ runId, attempt, proposalId: state.id, path: state.path, from: state.from }));
}

export function pending(
  app: App,
  act: 'open' | 'accept' | 'reject',
  runId: string | undefined,
  taskId?: string,
): Promise<void> | undefined {
  if (!runId) return undefined;
  const scope = { runId, ...(taskId === undefined ? {} : { taskId }) };
  if (act === 'open') return openTaskChanges(app, scope);
  return act === 'accept' ? acceptPending(app, scope) : rejectPending(app, scope);
}

/** A proposal of the run's newest attempt. */
export function keyOf(app: App, runId: string, proposalId: string): ProposalKey {
  return { runId, attempt: app.feed.view(runId)?.attempt ?? 1, proposalId };
}
