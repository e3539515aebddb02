import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { HunkTarget } from '../views/hunkLenses.ts';
import { PROPOSAL_SCHEME, type ProposalKey } from '../views/proposalUri.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { isDangerousChange } from '../workflow/guards.ts';

/** The commands on one hunk or one proposal. Without an argument they are about the hunk at the cursor. */

const BY = 'developer';
/** As the record tells a decision about a file that can run code. */
const CONFIRMED = 'developer, asked twice';

export async function acceptHunk(app: App, target = app.diff.hunkAtCursor()): Promise<void> {
  const by = target && (await whoAccepts(app, target));
  if (!target || !by) return;
  await saveProposal(target);
  await app.services().book.accept(target.runId, target.attempt, target.proposalId, target.hunkId, by);
}

export async function rejectHunk(app: App, target = app.diff.hunkAtCursor()): Promise<void> {
  if (!target) return;
  await saveProposal(target);
  await app.services().book.reject(target.runId, target.attempt, target.proposalId, target.hunkId, BY);
}

export async function acceptProposal(app: App, key = app.diff.activeProposal()): Promise<void> {
  const by = key && (await whoAccepts(app, key));
  if (!key || !by) return;
  await saveProposal(key);
  await app.services().book.acceptAll(key.runId, key.attempt, key.proposalId, by);
}

export async function rejectProposal(app: App, key = app.diff.activeProposal()): Promise<void> {
  if (!key) return;
  await app.services().book.rejectAll(key.runId, key.attempt, key.proposalId, BY);
}

export async function resolveConflict(app: App, target: HunkTarget, side: 'proposed' | 'current'): Promise<void> {
  await app.services().book.resolve(target.runId, target.attempt, target.proposalId, target.hunkId, side, BY);
}

/** Shows the two sides of a conflict as a diff. */
export async function showConflict(app: App, target: HunkTarget): Promise<void> {
  const state = app.services().book.find(target.runId, target.attempt, target.proposalId);
  const conflict = state?.conflicts.find(({ hunkId }) => hunkId === target.hunkId);
  if (!state || !conflict) return;
  const side = (content: string) => vscode.workspace.openTextDocument({ content });
  const [current, proposed] = await Promise.all([side(conflict.current), side(conflict.proposed)]);
  const title = vscode.l10n.t('{0}: the file now ↔ the proposal', state.path);
  await vscode.commands.executeCommand('vscode.diff', current.uri, proposed.uri, title);
}

export function askForChange(app: App, target = app.diff.hunkAtCursor()): void {
  if (target) app.comments.open(target);
}

/** Takes a decision back: the one given, else the last of the run. */
export async function undoDecision(app: App, target = lastDecided(app)): Promise<void> {
  if (!target) {
    throw new PlanwrightError('NOT_FOUND', 'No hunk was accepted or rejected in this run yet.', {
      hint: 'There is nothing to take back.',
    });
  }
  requireTrust();
  await app.services().book.undo(target.runId, target.attempt, target.proposalId, target.hunkId, BY);
}

function lastDecided(app: App): HunkTarget | undefined {
  const runId = app.currentRun();
  const view = runId ? app.feed.view(runId) : undefined;
  if (!runId || !view) return undefined;
  const decided = app
    .services()
    .store.events(runId, 0)
    .flatMap(({ attempt, event }) => (event.type === 'hunk.decided' && attempt === view.attempt ? [event] : []));
  const stillDecided = ({ proposalId, hunkId }: { proposalId: string; hunkId: string }) =>
    view.proposals
      .find(({ id }) => id === proposalId)
      ?.hunks.some(({ id, decision }) => id === hunkId && (decision === 'accepted' || decision === 'rejected'));
  const last = decided.findLast(stillDecided);
  return last && { runId, attempt: view.attempt, proposalId: last.proposalId, hunkId: last.hunkId };
}

/** A reply in a hunk's comment thread is why it is rejected. */
export async function rejectWithReason(app: App, reply: vscode.CommentReply): Promise<void> {
  const target = app.comments.targetOf(reply.thread);
  if (!target) return;
  await saveProposal(target);
  const { runId, attempt, proposalId, hunkId } = target;
  await app.services().book.reject(runId, attempt, proposalId, hunkId, BY, reply.text.trim());
}

/** A reply in a hunk's comment thread becomes the feedback its agent works on. */
export function sendFeedback(app: App, reply: vscode.CommentReply): void {
  const note = reply.text.trim();
  if (note === '') return;
  const target = app.comments.sent(reply);
  if (!target) return;
  const services = app.services();
  const gate = services.openProposalGate(target);
  if (gate) {
    services.decide(target.runId, gate.id, { choice: 'change', note, data: { hunkId: target.hunkId }, by: BY });
  } else {
    app.comments.failed(
      target.hunkId,
      vscode.l10n.t(
        'The workflow is not running, or is at work on this file. Resume it or wait a moment, then send again.',
      ),
    );
  }
}

/** @throws PlanwrightError UNTRUSTED: nothing is written in a restricted window */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new PlanwrightError('UNTRUSTED', 'This workspace is restricted, so nothing is written to it.', {
    hint: 'Trust the workspace (“Workspaces: Manage Workspace Trust”), then try again.',
  });
}

/**
 * Who accepts, as the record has it; undefined when nobody does. Files that can run code are written only after a
 * question of their own.
 */
async function whoAccepts(app: App, key: ProposalKey): Promise<string | undefined> {
  requireTrust();
  const state = app.services().book.find(key.runId, key.attempt, key.proposalId);
  if (!state || !isDangerousChange(state)) return BY;
  const accept = vscode.l10n.t('Accept');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} can run code or steer tools when it changes. Accept this change?', state.path),
    { modal: true, detail: state.rationale },
    accept,
  );
  return answer === accept ? CONFIRMED : undefined;
}

/** What was typed on the right side and not saved yet counts. */
export async function saveProposal({ runId, attempt, proposalId }: ProposalKey): Promise<void> {
  const start = `/${runId}/${attempt}/${proposalId}/`;
  const documents = vscode.workspace.textDocuments.filter(
    ({ uri, isDirty }) => isDirty && uri.scheme === PROPOSAL_SCHEME && uri.path.startsWith(start),
  );
  for (const document of documents) await document.save();
}
