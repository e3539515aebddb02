import * as vscode from 'vscode';

/** A language service that has said nothing for so long is not waited for, in milliseconds: what it thinks is not known. */
const FIRST_MS = 2_000;
/** What comes is followed by more; after so long without any it was all. */
const BETWEEN_MS = 750;

/** Waits until the language services have said what they have to say of some documents. */
export class Quiet implements vscode.Disposable {
  readonly #heard = new Set<string>();
  readonly #listener: vscode.Disposable;
  #onHeard: (uris: readonly vscode.Uri[]) => void = () => {};

  constructor() {
    this.#listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      for (const uri of uris) this.#heard.add(uri.toString());
      this.#onHeard(uris);
    });
  }

  hasHeardOf(uri: vscode.Uri): boolean {
    return this.#heard.has(uri.toString());
  }

  /** False when they still spoke as the signal aborted. */
  of(documents: readonly vscode.TextDocument[], signal: AbortSignal): Promise<boolean> {
    if (documents.length === 0) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const ours = new Set(documents.map(({ uri }) => uri.toString()));
    const heardAny = documents.some(({ uri }) => this.hasHeardOf(uri));
    let timer = setTimeout(() => resolve(true), heardAny ? BETWEEN_MS : FIRST_MS);
    const stop = () => resolve(false);
    this.#onHeard = (uris) => {
      if (!uris.some((uri) => ours.has(uri.toString()))) return;
      clearTimeout(timer);
      timer = setTimeout(() => resolve(true), BETWEEN_MS);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.#onHeard = () => {};
    });
  }

  dispose(): void {
    this.#listener.dispose();
  }
}
