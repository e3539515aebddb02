import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import { attemptView } from '../workflow/attemptView.ts';
import type { Store } from '../workflow/engine/store.ts';
import { fileName } from '../workflow/planMarkdown.ts';
import { reportMarkdown } from '../workflow/runReport/reportMarkdown.ts';
import { runReport } from '../workflow/runReport/runReport.ts';
import type { RunView } from '../workflow/runState.ts';
import { ownLanguage } from './told.ts';

export const REPORT_SCHEME = 'planwright-report';

/** How often an open report is told anew while its run goes on, in milliseconds. */
const REFRESH_MS = 1000;

/** The reports of all attempts of all runs as files that can only be read. What they say follows from the event log. */
export class ReportFiles implements vscode.Disposable {
  readonly #store: Store;
  readonly #feed: RunFeed;
  readonly #changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly #unsubscribe: () => void;
  /** Of runs whose report is open and has changed. */
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(store: Store, feed: RunFeed, changed: vscode.EventEmitter<vscode.FileChangeEvent[]>) {
    this.#store = store;
    this.#feed = feed;
    this.#changed = changed;
    this.#unsubscribe = feed.onChange((_view, { runId }) => this.#announce(runId));
  }

  /**
   * Opens a report, drawn.
   * @param how.behind leaves in front, and in focus, what is there
   */
  async show(runId: string, attempt: number, how: { readonly behind: boolean } = { behind: false }): Promise<void> {
    const uri = this.#uri(runId, attempt);
    // `background` is for the command alone, which the types of the API do not tell.
    const options = { preview: false, ...(how.behind ? { background: true, preserveFocus: true } : {}) };
    try {
      await vscode.commands.executeCommand('vscode.openWith', uri, 'vscode.markdown.preview.editor', options);
    } catch {
      // Without VS Code’s own Markdown extension there is its text.
      await vscode.commands.executeCommand('vscode.open', uri, options);
    }
  }

  /** @throws PlanwrightError NOT_FOUND */
  view(runId: string, attempt: number): RunView {
    const now = this.#feed.view(runId);
    return now?.attempt === attempt ? now : attemptView(this.#store.events(runId, 0), attempt);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const view = this.#viewOf(uri);
    return {
      type: vscode.FileType.File,
      ctime: view.attemptStartedAt,
      mtime: view.updatedAt,
      size: textOf(view).byteLength,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return textOf(this.#viewOf(uri));
  }

  dispose(): void {
    this.#unsubscribe();
    for (const timer of this.#waiting.values()) clearTimeout(timer);
  }

  #uri(runId: string, attempt: number): vscode.Uri {
    const name = fileName(this.view(runId, attempt).plan?.title ?? 'report');
    return vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${runId}/${attempt}/${name}.report.md` });
  }

  #viewOf(uri: vscode.Uri): RunView {
    const [, runId = '', attempt = ''] = uri.path.split('/');
    try {
      return this.view(runId, Number(attempt));
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  #announce(runId: string): void {
    if (this.#waiting.has(runId)) return;
    const open = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === REPORT_SCHEME && uri.path.startsWith(`/${runId}/`),
    );
    if (open.length === 0) return;
    const tell = () => {
      this.#waiting.delete(runId);
      this.#changed.fire(open.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
    };
    this.#waiting.set(runId, setTimeout(tell, REFRESH_MS));
  }
}

function textOf(view: RunView): Uint8Array {
  return Buffer.from(reportMarkdown(runReport(view), ownLanguage));
}
