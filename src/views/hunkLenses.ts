import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import { type CheckMark, checkMark } from '../workflow/checks/mark.ts';
import type { ProposalBook } from '../workflow/edits/proposalBook.ts';
import type { ReviewState } from '../workflow/edits/reviewState.ts';
import type { Hunk } from '../workflow/schemas.ts';
import { isEmptySide, PROPOSAL_SCHEME, type ProposalKey, proposalKeyOf } from './proposalUri.ts';

/** What a hunk's command is about; the first argument of each. */
export interface HunkTarget extends ProposalKey {
  readonly hunkId: string;
}

/** Accept, Reject and Ask for a change… over each pending hunk of a proposal. */
export class HunkLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #book: ProposalBook;
  readonly #feed: RunFeed;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(book: ProposalBook, feed: RunFeed) {
    this.#book = book;
    this.#feed = feed;
    this.#disposables = [
      this.#changed,
      new vscode.Disposable(book.onChange(() => this.#changed.fire())),
      vscode.languages.registerCodeLensProvider({ scheme: PROPOSAL_SCHEME }, this),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const key = proposalKeyOf(document.uri);
    const state = key && this.#book.find(key.runId, key.attempt, key.proposalId);
    if (!key || !state || isEmptySide(document.uri)) return [];
    const view = this.#feed.view(key.runId);
    const mark = view?.attempt === key.attempt ? checkMark(view, state.taskId) : null;
    return state.hunks
      .filter(({ decision }) => decision === 'pending')
      .flatMap((hunk) => lensesOf(state, hunk, { ...key, hunkId: hunk.id }, document.lineCount, mark));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

function lensesOf(
  state: ReviewState,
  hunk: Hunk,
  target: HunkTarget,
  lineCount: number,
  mark: CheckMark | null,
): vscode.CodeLens[] {
  const line = Math.min(hunk.newRange.start, lineCount - 1);
  const range = new vscode.Range(line, 0, line, 0);
  const lens = (title: string, command: string, tooltip: string, ...more: unknown[]) =>
    new vscode.CodeLens(range, { title, command, tooltip, arguments: [target, ...more] });
  const serves = hunk.requirementIds.length > 0 ? [] : [vscode.l10n.t('serves no requirement')];
  const checked = mark ? (checkWords(mark) ?? []) : [];
  const about = [
    ...hunk.requirementIds.map((id) =>
      lens(id, 'planwright.showRequirement', vscode.l10n.t('What else is done for {0}, and what proves it', id), id),
    ),
    lens(
      [state.taskId, ...serves, checked].flat().join(' · '),
      'planwright.hunk.askForChange',
      [hunk.why, ...(mark?.newFailures ?? [])].join('\n'),
    ),
  ];
  if (state.conflicts.some(({ hunkId }) => hunkId === hunk.id)) {
    return [
      lens(
        vscode.l10n.t('$(warning) The file changed here'),
        'planwright.hunk.showConflict',
        vscode.l10n.t('Show both sides'),
      ),
      lens(
        vscode.l10n.t('Take the proposal'),
        'planwright.hunk.resolve',
        vscode.l10n.t('Put the proposed lines in place of the current ones'),
        'proposed',
      ),
      lens(vscode.l10n.t('Keep the file'), 'planwright.hunk.resolve', vscode.l10n.t('Reject this hunk'), 'current'),
      ...about,
    ];
  }
  return [
    lens(vscode.l10n.t('$(check) Accept'), 'planwright.hunk.accept', vscode.l10n.t('Write this hunk to the file')),
    lens(
      vscode.l10n.t('$(discard) Reject'),
      'planwright.hunk.reject',
      vscode.l10n.t('Drop this hunk; the file stays as it is'),
    ),
    lens(
      vscode.l10n.t('$(comment) Ask for a change…'),
      'planwright.hunk.askForChange',
      vscode.l10n.t('Say what this hunk should do instead'),
    ),
    ...about,
  ];
}

/** What the checks said, in a few words; nothing where they said nothing. */
function checkWords({ state, newFailures, vacuous }: CheckMark): string | undefined {
  if (state === 'fails') return vscode.l10n.t('$(error) {0} new failures', newFailures.length);
  if (vacuous.length > 0) return vscode.l10n.t('$(beaker-stop) a test tests nothing');
  if (state === 'passes') return vscode.l10n.t('$(pass) checks pass');
  return state === 'failed before' ? vscode.l10n.t('$(warning) failed before') : undefined;
}
