import * as vscode from 'vscode';
import type { VscodeWorkspace } from '../hosts/vscode/vscodeWorkspace.ts';
import type { ProposalBook } from '../workflow/edits/proposalBook.ts';
import type { ReviewState } from '../workflow/edits/reviewState.ts';
import type { FileAction, Hunk } from '../workflow/schemas.ts';
import type { HunkTarget } from './hunkLenses.ts';
import { emptyUri, type ProposalKey, proposalKeyOf, proposalUri } from './proposalUri.ts';

/** Opens a proposal as a diff and finds one's way among its hunks. */
export class ProposalDiff {
  readonly #book: ProposalBook;
  readonly #workspace: VscodeWorkspace;

  constructor(book: ProposalBook, workspace: VscodeWorkspace) {
    this.#book = book;
    this.#workspace = workspace;
  }

  /** The two documents of a proposal's diff, brought up to date with the file. */
  async sides(key: ProposalKey): Promise<{ state: ReviewState; left: vscode.Uri; right: vscode.Uri } | undefined> {
    await this.#book.refresh(key.runId, key.attempt, key.proposalId);
    const state = this.#book.find(key.runId, key.attempt, key.proposalId);
    return state && { state, left: await this.#leftOf(key, state), right: proposalUri(key, state.path) };
  }

  async open(key: ProposalKey, hunkId?: string): Promise<void> {
    const sides = await this.sides(key);
    if (!sides) return;
    const { state, left, right } = sides;
    const all = this.#book.list(key.runId, key.attempt);
    const title = vscode.l10n.t(
      '{0} ({1}, {2} of {3})',
      state.path,
      kindOf(state.action),
      all.findIndex(({ id }) => id === state.id) + 1,
      all.length,
    );
    await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
    const hunk = state.hunks.find(({ id, decision }) => (hunkId ? id === hunkId : decision === 'pending'));
    if (hunk) this.#reveal(right, hunk);
  }

  /** The hunk the cursor is in, or the next pending one below it, or the last. */
  hunkAtCursor(): HunkTarget | undefined {
    const editor = vscode.window.activeTextEditor;
    const key = editor && proposalKeyOf(editor.document.uri);
    const state = key && this.#book.find(key.runId, key.attempt, key.proposalId);
    if (!editor || !key || !state) return undefined;
    const line = editor.selection.active.line;
    const pending = pendingOf(state);
    const hunk = pending.find(({ newRange }) => line < newRange.start + Math.max(1, newRange.count)) ?? pending.at(-1);
    return hunk && { ...key, hunkId: hunk.id };
  }

  activeProposal(): ProposalKey | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    const uri = tab instanceof vscode.TabInputTextDiff ? tab.modified : vscode.window.activeTextEditor?.document.uri;
    return uri && proposalKeyOf(uri);
  }

  /** Goes to the next (1) or previous (-1) pending hunk, through the files of the run in order. */
  async go(step: 1 | -1, runId: string | null): Promise<void> {
    const key = this.activeProposal();
    const state = key && this.#book.find(key.runId, key.attempt, key.proposalId);
    const line = vscode.window.activeTextEditor?.selection.active.line ?? -1;
    if (key && state) {
      const pending = pendingOf(state);
      const here =
        step === 1
          ? pending.find(({ newRange }) => newRange.start > line)
          : pending.findLast(({ newRange }) => newRange.start < line);
      if (here) return this.#reveal(proposalUri(key, state.path), here);
    }
    const run = key?.runId ?? runId;
    if (!run) return;
    const others = this.#book.latest(run).filter((other) => pendingOf(other.state).length > 0);
    const at = others.findIndex((other) => other.state.id === key?.proposalId);
    const next = others[(at + step + others.length) % others.length];
    if (!next) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Every hunk is decided.'));
      return;
    }
    const pending = pendingOf(next.state);
    const hunk = step === 1 ? pending[0] : pending.at(-1);
    await this.open({ runId: run, attempt: next.attempt, proposalId: next.state.id }, hunk?.id);
  }

  async #leftOf(key: ProposalKey, state: ReviewState): Promise<vscode.Uri> {
    const path = state.action === 'rename' && state.from ? state.from : state.path;
    const exists = await this.#workspace.exists(path);
    if (exists) return this.#workspace.openAsRead(path);
    if (state.action === 'rename' && (await this.#workspace.exists(state.path)))
      return this.#workspace.openAsRead(state.path);
    return emptyUri(key, state.path);
  }

  #reveal(uri: vscode.Uri, hunk: Hunk): void {
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
    if (!editor) return;
    const line = Math.min(hunk.newRange.start, editor.document.lineCount - 1);
    editor.selection = new vscode.Selection(line, 0, line, 0);
    editor.revealRange(
      new vscode.Range(line, 0, line + hunk.newRange.count, 0),
      vscode.TextEditorRevealType.InCenterIfOutsideViewport,
    );
  }
}

function kindOf(action: FileAction): string {
  switch (action) {
    case 'create':
      return vscode.l10n.t('proposed new file');
    case 'modify':
      return vscode.l10n.t('proposed change');
    case 'delete':
      return vscode.l10n.t('proposed deletion');
    case 'rename':
      return vscode.l10n.t('proposed move');
  }
}

function pendingOf(state: ReviewState): Hunk[] {
  return state.hunks.filter(({ decision }) => decision === 'pending');
}
