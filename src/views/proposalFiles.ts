import * as vscode from 'vscode';
import type { ProposalBook } from '../workflow/edits/proposalBook.ts';
import { emptyUri, isEmptySide, proposalKeyOf, proposalUri } from './proposalUri.ts';

/** Tells VS Code that the right side is UTF-8, also where files.encoding is another. */
const BOM = '\uFEFF';

/**
 * The right side of each proposal's diff as a file. Saving it stores the proposal; only Accept touches the
 * real file. Content and times follow the proposal's versions.
 */
export class ProposalFiles implements vscode.Disposable {
  readonly #book: ProposalBook;
  readonly #changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly #subscription: () => void;

  constructor(book: ProposalBook, changed: vscode.EventEmitter<vscode.FileChangeEvent[]>) {
    this.#book = book;
    this.#changed = changed;
    this.#subscription = book.onChange(({ runId, attempt, state }) => {
      const key = { runId, attempt, proposalId: state.id };
      const uris = [proposalUri(key, state.path), emptyUri(key, state.path)];
      this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    });
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { version } = this.#state(uri);
    const size = this.readFile(uri).byteLength;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: version,
      size,
      ...(isEmptySide(uri) ? { permissions: vscode.FilePermission.Readonly } : {}),
    };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const { text } = this.#state(uri);
    return Buffer.from(isEmptySide(uri) ? '' : BOM + text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const key = proposalKeyOf(uri);
    if (!key || isEmptySide(uri)) throw vscode.FileSystemError.NoPermissions(uri);
    const text = new TextDecoder().decode(content); // Without the mark.
    await this.#book.editText(key.runId, key.attempt, key.proposalId, text);
  }

  dispose(): void {
    this.#subscription();
  }

  #state(uri: vscode.Uri) {
    const key = proposalKeyOf(uri);
    const state = key && this.#book.find(key.runId, key.attempt, key.proposalId);
    if (!state) throw vscode.FileSystemError.FileNotFound(uri);
    return state;
  }
}
