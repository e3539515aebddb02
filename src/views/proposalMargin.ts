import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import type { VscodeWorkspace } from '../hosts/vscode/vscodeWorkspace.ts';
import type { HunkSummary } from '../workflow/engine/events.ts';

interface Waiting {
  readonly runId: string;
  readonly proposalId: string;
  readonly taskId: string;
  readonly hunk: HunkSummary;
}

/** Marks, in the developer's own files, the lines where a hunk waits; hovering says what it is for. */
export class ProposalMargin implements vscode.Disposable {
  readonly #feed: RunFeed;
  readonly #workspace: VscodeWorkspace;
  readonly #disposables: vscode.Disposable[];
  readonly #mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: 'dotted',
    borderWidth: '0 0 0 3px',
    borderColor: new vscode.ThemeColor('editorGutter.addedBackground'),
    overviewRulerColor: new vscode.ThemeColor('editorGutter.addedBackground'),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });

  constructor(feed: RunFeed, workspace: VscodeWorkspace) {
    this.#feed = feed;
    this.#workspace = workspace;
    let stale = false;
    const stopHearing = feed.onChange((_view, { event }) => {
      stale ||= /^(proposal|hunk|workflow)\./.test(event.type);
    });
    const stopDrawing = feed.onMove(() => {
      if (stale) this.#drawAll();
      stale = false;
    });
    this.#disposables = [
      this.#mark,
      new vscode.Disposable(stopHearing),
      new vscode.Disposable(stopDrawing),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#drawAll()),
      vscode.languages.registerHoverProvider(
        { scheme: 'file' },
        { provideHover: (document, position) => this.#hover(document, position) },
      ),
    ];
    this.#drawAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #drawAll(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== 'file') continue;
      editor.setDecorations(
        this.#mark,
        this.#waitingIn(editor.document).map(({ hunk }) => rangeOf(hunk, editor.document)),
      );
    }
  }

  #hover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const here = this.#waitingIn(document).find(({ hunk }) => rangeOf(hunk, document).contains(position));
    if (!here) return undefined;
    const { runId, proposalId, taskId, hunk } = here;
    const open = encodeURIComponent(JSON.stringify([{ kind: 'proposal', runId, proposalId }]));
    const text = new vscode.MarkdownString();
    text.isTrusted = { enabledCommands: ['planwright.openProposal'] };
    text.appendText(
      vscode.l10n.t('Planwright proposes a change here ({0}): ', [taskId, ...hunk.requirementIds].join(' · ')),
    );
    text.appendText(hunk.why);
    text.appendMarkdown(`\n\n[${vscode.l10n.t('Review it')}](command:planwright.openProposal?${open})`);
    return new vscode.Hover(text, rangeOf(hunk, document));
  }

  /** From the run's view, which has no texts in it: a hover must not read whole proposals. */
  #waitingIn({ uri }: vscode.TextDocument): Waiting[] {
    const path = this.#workspace.pathOf(uri);
    const view = this.#feed.latest();
    if (!path || !view || view.pendingHunks === 0) return [];
    return view.proposals.flatMap(({ id, taskId, path: its, action, hunks }) =>
      its === path && action === 'modify'
        ? hunks
            .filter(({ decision }) => decision === 'pending')
            .map((hunk) => ({ runId: view.runId, proposalId: id, taskId, hunk }))
        : [],
    );
  }
}

/** The lines a hunk replaces; the line above for one that only adds. */
function rangeOf({ baseRange: { start, count } }: HunkSummary, document: vscode.TextDocument): vscode.Range {
  const last = document.lineCount - 1;
  const first = Math.min(count === 0 ? Math.max(0, start - 1) : start, last);
  return new vscode.Range(first, 0, Math.min(start + Math.max(count, 1) - 1, last), Number.MAX_SAFE_INTEGER);
}
