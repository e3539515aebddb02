import * as vscode from 'vscode';
import type { ProposalBook } from '../workflow/edits/proposalBook.ts';
import type { HunkTarget } from './hunkLenses.ts';
import { proposalUri } from './proposalUri.ts';

/** “Ask for a change…”: a comment thread on a hunk, whose reply is the feedback its agent gets. */
export class HunkComments implements vscode.Disposable {
  readonly #book: ProposalBook;
  readonly #controller = vscode.comments.createCommentController('planwright.feedback', 'Planwright');
  readonly #threads = new Map<string, { readonly thread: vscode.CommentThread; readonly target: HunkTarget }>();
  readonly #subscription: () => void;

  constructor(book: ProposalBook) {
    this.#book = book;
    this.#controller.options = {
      prompt: vscode.l10n.t('Say what this hunk should do instead…'),
      placeHolder: vscode.l10n.t('Ask for a change…'),
    };
    this.#subscription = book.onChange(({ state }) => this.#dropDecided(state.hunks));
  }

  open(target: HunkTarget): void {
    const state = this.#book.find(target.runId, target.attempt, target.proposalId);
    const hunk = state?.hunks.find(({ id }) => id === target.hunkId);
    if (!state || !hunk) return;
    this.#threads.get(hunk.id)?.thread.dispose();
    const thread = this.#controller.createCommentThread(
      proposalUri(target, state.path),
      // On the first line, under the lens that opened it: a hunk may be longer than the screen.
      new vscode.Range(hunk.newRange.start, 0, hunk.newRange.start, 0),
      [this.#comment(hunk.why || state.rationale)],
    );
    thread.label = `${state.taskId} · ${hunk.requirementIds.join(', ') || vscode.l10n.t('serves no requirement')}`;
    thread.contextValue = 'planwright.hunk';
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    thread.canReply = true;
    this.#threads.set(hunk.id, { thread, target });
  }

  /** The hunk a thread is about. */
  targetOf(thread: vscode.CommentThread): HunkTarget | undefined {
    return [...this.#threads.values()].find((known) => known.thread === thread)?.target;
  }

  /** The hunk a reply is about, and shows the reply as on its way. */
  sent({ thread, text }: vscode.CommentReply): HunkTarget | undefined {
    const target = this.targetOf(thread);
    if (!target) return undefined;
    thread.comments = [...thread.comments, this.#comment(text, vscode.l10n.t('You'))];
    thread.canReply = false;
    thread.label = vscode.l10n.t('Changing this hunk…');
    return target;
  }

  /** Says in the thread why the change did not come about. */
  failed(hunkId: string, message: string): void {
    const entry = this.#threads.get(hunkId);
    if (!entry) return;
    entry.thread.comments = [...entry.thread.comments, this.#comment(message)];
    entry.thread.label = vscode.l10n.t('The hunk stays as it was');
    entry.thread.canReply = true;
  }

  /** Closes the thread of a hunk that came back changed. */
  close(hunkId: string): void {
    this.#threads.get(hunkId)?.thread.dispose();
    this.#threads.delete(hunkId);
  }

  dispose(): void {
    this.#subscription();
    this.#controller.dispose();
  }

  #dropDecided(hunks: readonly { readonly id: string; readonly decision: string }[]): void {
    for (const { id, decision } of hunks) if (decision !== 'pending') this.close(id);
  }

  #comment(body: string, author = 'Planwright'): vscode.Comment {
    return { body, mode: vscode.CommentMode.Preview, author: { name: author } };
  }
}
