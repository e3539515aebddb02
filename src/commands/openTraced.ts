import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { acceptedPlace } from '../workflow/edits/acceptedPlace.ts';
import { PlanwrightError } from '../workflow/errors.ts';

/** Where the traceability matrix leads to. */

/** What is told of a hunk of a run's attempt. */
export interface HunkPlace {
  readonly runId: string;
  readonly attempt: number;
  readonly proposalId: string;
  readonly hunkId: string;
}

/** An accepted hunk in its file, where its lines are now; any other in its proposal’s diff. */
export async function openHunk(app: App, { runId, attempt, proposalId, hunkId }: HunkPlace): Promise<void> {
  const { book, workspace } = app.services();
  const key = { runId, attempt, proposalId };
  const state = book.find(runId, attempt, proposalId);
  const hunk = state?.hunks.find(({ id }) => id === hunkId);
  const file = hunk?.decision === 'accepted' && state ? await workspace.read(state.path) : null;
  if (!state || !file) return app.diff.open(key, hunkId);
  const { start, count } = acceptedPlace(book.versionsAround(runId, attempt, proposalId, hunkId), hunkId, file.text);
  const document = await vscode.workspace.openTextDocument(workspace.uri(state.path));
  const first = Math.min(start, document.lineCount - 1);
  const last = Math.min(start + Math.max(count, 1) - 1, document.lineCount - 1);
  const editor = await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(first, 0, last, document.lineAt(last).text.length),
  });
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The test file; while it is only proposed, its proposal. */
export async function openTest(app: App, runId: string, attempt: number, path: string): Promise<void> {
  const { book, workspace } = app.services();
  const proposed = book.list(runId, attempt).findLast((state) => state.path === path && state.action !== 'delete');
  const waits = proposed?.hunks.some(({ decision }) => decision === 'pending');
  if (proposed && waits) return app.diff.open({ runId, attempt, proposalId: proposed.id });
  if (await workspace.exists(path)) {
    await vscode.window.showTextDocument(workspace.uri(path));
    return;
  }
  throw new PlanwrightError('NOT_FOUND', vscode.l10n.t('{0} is not in the workspace.', path), {
    hint: vscode.l10n.t('The plan names it; nobody has proposed it, or it was rejected or deleted.'),
  });
}
