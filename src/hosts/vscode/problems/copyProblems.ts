import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FileStates } from '../../../workflow/checks/checks.ts';
import { cancelled } from '../../../workflow/errors.ts';
import type { Diagnostic, EditorProblems, FoundProblems } from '../../../workflow/ports.ts';
import { say } from '../../../workflow/words/say.ts';
import type { NodeChecks } from '../../node/checks/checkRunner.ts';
import { closeDocuments, openDocuments } from './documents.ts';
import { Quiet } from './quiet.ts';
import { askTypeScript, isAnswered, isTypeScript } from './typescript.ts';

/** Files of one look. VS Code keeps fifty documents that no editor shows. */
const MAX_FILES = 40;
/** However slow the language services are, in milliseconds. */
const LIMIT_MS = 30_000;

type Found = readonly [path: string, problems: readonly vscode.Diagnostic[]];

/**
 * What the editor's language services say of files in a scratch copy. They are opened as documents without an editor and
 * closed again: the developer sees nothing of it, and nothing of the workspace is touched.
 */
export class CopyProblems implements EditorProblems {
  readonly #checks: () => Promise<NodeChecks>;
  readonly #limitMs: number;

  constructor(checks: () => Promise<NodeChecks>, limitMs = LIMIT_MS) {
    this.#checks = checks;
    this.#limitMs = limitMs;
  }

  async find(paths: readonly string[], files: FileStates, signal: AbortSignal): Promise<FoundProblems> {
    return (await this.#checks()).inCopy(files, signal, (root) => this.#look(root, paths, signal));
  }

  async #look(root: string, paths: readonly string[], signal: AbortSignal): Promise<FoundProblems> {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs)]);
    // Listens before the first document is there: a service may speak at once.
    const quiet = new Quiet();
    const opened = await openDocuments(root, paths.slice(0, MAX_FILES));
    try {
      // Of plain text there is nothing to say.
      const spoken = [...opened].filter(([, { languageId }]) => languageId !== 'plaintext');
      const documents = spoken.map(([, document]) => document);
      const [typed, settled] = await Promise.all([
        askTypeScript(documents.filter(isTypeScript), bound),
        quiet.of(documents, bound),
      ]);
      if (signal.aborted) throw cancelled();
      const found = spoken.map(([path, document]): Found => {
        const own = typed.get(document);
        const all = vscode.languages.getDiagnostics(document.uri);
        return [path, own ? [...own, ...all.filter(({ source }) => source !== 'ts')] : all];
      });
      const hasSpoken = (one: vscode.TextDocument) => typed.has(one) || quiet.hasHeardOf(one.uri);
      const cut = whyIncomplete(settled && !bound.aborted, paths.length);
      return {
        problems: found.flatMap(([path, problems]) => problems.flatMap((one) => told(path, root, one))),
        asked: documents.filter((one) => hasSpoken(one) || isServed(one)).length,
        answered: documents.filter(hasSpoken).length,
        ...(cut === undefined ? {} : { cut }),
      };
    } finally {
      quiet.dispose();
      await closeDocuments([...opened.values()]);
    }
  }
}

/**
 * Is there somebody who should speak of it? An installed extension for its language is. VS Code's own, but for
 * TypeScript, look at documents in tabs only.
 */
function isServed(document: vscode.TextDocument): boolean {
  if (isTypeScript(document)) return isAnswered(document);
  const event = `onLanguage:${document.languageId}`;
  return vscode.extensions.all.some(({ packageJSON }) => {
    const { isBuiltin, activationEvents } = packageJSON as { isBuiltin?: boolean; activationEvents?: unknown };
    return isBuiltin !== true && Array.isArray(activationEvents) && activationEvents.includes(event);
  });
}

function whyIncomplete(settled: boolean, count: number): string | undefined {
  if (!settled) return say`The editor’s language services were still at work when the time for it was up.`;
  return count > MAX_FILES ? say`Only the first ${MAX_FILES} of ${count} files were looked at.` : undefined;
}

function told(path: string, root: string, { severity, message, source, code, range }: vscode.Diagnostic): Diagnostic[] {
  const known = severities[severity];
  if (known === null) return [];
  const number = typeof code === 'object' ? code.value : code;
  const from = source === undefined ? '' : `${source}${number === undefined ? '' : `(${number})`}: `;
  // Two copies are in two folders, and say the same of the same.
  const plain = message.replaceAll(`${join(root, '/')}`, '').replaceAll(root, '.');
  return [{ path, line: range.start.line + 1, severity: known, message: from + plain }];
}

const severities = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: null,
  [vscode.DiagnosticSeverity.Hint]: null,
} as const;
