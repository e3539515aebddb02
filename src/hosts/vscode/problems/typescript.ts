import * as vscode from 'vscode';
import { until } from '../../../workflow/engine/abort.ts';

/**
 * VS Code's own TypeScript publishes diagnostics only of documents in a tab. It answers when it is asked, though, and
 * then one knows that it was all.
 */

const EXTENSION = 'vscode.typescript-language-features';
const COMMAND = 'typescript.tsserverRequest';
const languages = new Set(['typescript', 'typescriptreact', 'javascript', 'javascriptreact']);

/** As tsserver tells it; lines and offsets from 1. */
interface Reported {
  readonly start: { readonly line: number; readonly offset: number };
  readonly end: { readonly line: number; readonly offset: number };
  readonly text?: string;
  readonly message?: string;
  readonly code?: number;
  readonly category?: string;
}

export function isTypeScript({ languageId }: vscode.TextDocument): boolean {
  return languages.has(languageId);
}

/** Does TypeScript answer for it, unless something is wrong? */
export function isAnswered(document: vscode.TextDocument): boolean {
  return isTypeScript(document) && isValidated(document) && vscode.extensions.getExtension(EXTENSION) !== undefined;
}

/** The problems of each document that TypeScript has answered for. */
export async function askTypeScript(
  documents: readonly vscode.TextDocument[],
  signal: AbortSignal,
): Promise<ReadonlyMap<vscode.TextDocument, readonly vscode.Diagnostic[]>> {
  const answers = new Map<vscode.TextDocument, readonly vscode.Diagnostic[]>();
  const wanted = documents.filter(isValidated);
  const extension = vscode.extensions.getExtension(EXTENSION);
  if (wanted.length === 0 || !extension) return answers;
  try {
    await until(Promise.resolve(extension.activate()), signal);
    for (const document of wanted) {
      const syntax = await ask('syntacticDiagnosticsSync', document, signal);
      const semantics = await ask('semanticDiagnosticsSync', document, signal);
      if (syntax && semantics) answers.set(document, [...syntax, ...semantics].map(asDiagnostic));
    }
  } catch {
    // It was switched off, has crashed, or the time is up: what it said so far counts.
  }
  return answers;
}

async function ask(
  request: string,
  { uri }: vscode.TextDocument,
  signal: AbortSignal,
): Promise<readonly Reported[] | null> {
  const asking = vscode.commands.executeCommand<{ type?: string; body?: readonly Reported[] } | undefined>(
    COMMAND,
    request,
    { file: uri },
  );
  const answer = await until(Promise.resolve(asking), signal);
  return answer?.type === 'response' ? (answer.body ?? null) : null;
}

/** Where the developer has switched validation off, nothing is said. */
function isValidated({ languageId, uri }: vscode.TextDocument): boolean {
  const section = languageId.startsWith('typescript') ? 'typescript' : 'javascript';
  const isOn = (name: string) => vscode.workspace.getConfiguration(undefined, uri).get<boolean>(name) ?? true;
  return isOn(`${section}.validate.enable`) && isOn('js/ts.validate.enabled');
}

function asDiagnostic({ start, end, text, message, code, category }: Reported): vscode.Diagnostic {
  const range = new vscode.Range(start.line - 1, start.offset - 1, end.line - 1, end.offset - 1);
  const said = text ?? message ?? '';
  const found = new vscode.Diagnostic(range, said, severityOf(category, code, said));
  found.source = 'ts';
  if (code !== undefined) found.code = code;
  return found;
}

/** What VS Code itself shows as warnings: unused names, unreachable code, missing returns. */
const STYLE = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205, 7027, 7028, 7029, 7030]);
/** Names that come with a package of types. */
const TYPES_OF_PACKAGES = new Set([2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593]);
/** A module that is not found, or has no types. */
const NOT_FOUND = new Set([2307, 2792, 2882, 7016]);

function severityOf(
  category: string | undefined,
  code: number | undefined,
  message: string,
): vscode.DiagnosticSeverity {
  if (category === 'suggestion') return vscode.DiagnosticSeverity.Hint;
  if (category !== 'error') return vscode.DiagnosticSeverity.Warning;
  if (code === undefined) return vscode.DiagnosticSeverity.Error;
  const isMinor = STYLE.has(code) || TYPES_OF_PACKAGES.has(code) || isUninstalled(code, message);
  return isMinor ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error;
}

/** That a package, or its types, is not installed here is nothing that an edit can mend. */
function isUninstalled(code: number, message: string): boolean {
  const specifier = /['"]([^'"]+)['"]/.exec(message)?.[1] ?? '';
  const isPackage = specifier !== '' && !/^(?:[./~#]|@\/)/.test(specifier);
  return NOT_FOUND.has(code) && isPackage;
}
