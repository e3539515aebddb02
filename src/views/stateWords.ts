import * as vscode from 'vscode';
import type { PhaseState } from '../workflow/runState.ts';
import type { PhaseName, Proposal, RunStatus } from '../workflow/schemas.ts';

/** The words for states and phases in the sidebar, the status bar and lists. */

export function statusWord(status: RunStatus): string {
  return {
    queued: vscode.l10n.t('queued'),
    in_progress: vscode.l10n.t('in progress'),
    waiting: vscode.l10n.t('waiting'),
    completed: vscode.l10n.t('completed'),
    failed: vscode.l10n.t('failed'),
    cancelled: vscode.l10n.t('cancelled'),
  }[status];
}

export function phaseWord(phase: PhaseName): string {
  return {
    planning: vscode.l10n.t('Planning'),
    review: vscode.l10n.t('Review'),
    refinement: vscode.l10n.t('Refinement'),
    implementation: vscode.l10n.t('Implementation'),
  }[phase];
}

export function phaseStateWord(state: PhaseState): string {
  return {
    pending: vscode.l10n.t('not started'),
    active: vscode.l10n.t('in progress'),
    done: vscode.l10n.t('done'),
    skipped: vscode.l10n.t('skipped'),
    failed: vscode.l10n.t('failed'),
  }[state];
}

/** What a proposal does with its file. */
export function actionWord(action: Proposal['action']): string {
  return {
    create: vscode.l10n.t('create'),
    modify: vscode.l10n.t('modify'),
    delete: vscode.l10n.t('delete'),
    rename: vscode.l10n.t('rename'),
  }[action];
}
