import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { PROPOSAL_SCHEME } from '../views/proposalUri.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { isDenied } from '../workflow/guards.ts';
import { type Input, inputSchema } from '../workflow/schemas.ts';
import { type CodePlace, placeName, requestAbout } from '../workflow/starts/codeRequest.ts';
import { markdownRequest } from '../workflow/starts/markdownRequest.ts';
import { wholeTodo } from '../workflow/starts/todoComment.ts';
import { unusableInput } from '../workflow/starts/unusableInput.ts';
import { forPeople } from '../workflow/words/issues.ts';
import { ask, startWith } from './start.ts';

/** Starts from what the developer is looking at: selected code, a Markdown file, a TODO comment. */

/** A file of more bytes than this is no request. */
const MAX_FILE = 1_000_000;
/** Lines after a TODO comment that show what it is about. */
const LINES_BELOW = 12;

export async function startFromSelection(app: App): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || editor.document.uri.scheme === PROPOSAL_SCHEME) {
    throw new PlanwrightError('INVALID_INPUT', 'Nothing is selected.', {
      hint: 'Select the code, or the Markdown, that the change is about, then start again.',
    });
  }
  const { document, selection } = editor;
  if (document.languageId === 'markdown') return startWithMarkdown(app, document.getText(selection), document.uri);
  // A selection that ends before the first character of a line does not mean that line.
  const last = selection.end.character === 0 ? selection.end.line - 1 : selection.end.line;
  await startAbout(app, document, new vscode.Range(selection.start, document.lineAt(last).range.end), '');
}

export async function startFromMarkdown(app: App, uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
  if (!uri) {
    throw new PlanwrightError('INVALID_INPUT', 'No Markdown file is open.', {
      hint: 'Open the file that says what is wanted, or use its menu in the Explorer.',
    });
  }
  readable(app, uri);
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MAX_FILE) {
    throw new PlanwrightError('TOO_LARGE', `${app.services().workspace.pathOf(uri) ?? uri.path} is too long.`, {
      hint: 'Select the part that says what is wanted, and start from the selection.',
    });
  }
  // The document, not the file: what is typed and not saved yet counts too.
  const document = await vscode.workspace.openTextDocument(uri);
  await startWithMarkdown(app, document.getText(), uri);
}

/** @param line from 0; the cursor's when the command comes from the palette */
export async function startFromTodo(app: App, uri?: vscode.Uri, line?: number): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const document = uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
  const at = line ?? editor?.selection.active.line ?? 0;
  const lines = document?.getText().split(/\r?\n/) ?? [];
  const todo = wholeTodo(lines, at);
  if (!document || !todo) {
    throw new PlanwrightError('NOT_FOUND', 'There is no TODO or FIXME comment in this line.', {
      hint: 'Put the cursor on one, then start again.',
    });
  }
  const end = Math.min(todo.lastLine + LINES_BELOW, document.lineCount - 1);
  const range = new vscode.Range(at, 0, end, document.lineAt(end).text.length);
  await startAbout(app, document, range, todo.text, `Remove the ${todo.keyword} comment once it is done.`);
}

/** Asks what shall be done with a piece of code, and adds it to the request. */
async function startAbout(
  app: App,
  document: vscode.TextDocument,
  range: vscode.Range,
  suggested: string,
  more?: string,
): Promise<void> {
  readable(app, document.uri);
  const place: CodePlace = {
    path:
      app.services().workspace.pathOf(document.uri) ?? (document.isUntitled ? null : posix.basename(document.uri.path)),
    firstLine: range.start.line + 1,
    lastLine: range.end.line + 1,
    text: document.getText(range),
    language: document.languageId,
  };
  await startWith(app, () =>
    ask({
      request: suggested,
      about: placeName(place),
      complete: (request) => requestAbout(more ? `${request}\n\n${more}` : request, place),
    }),
  );
}

async function startWithMarkdown(app: App, markdown: string, uri: vscode.Uri): Promise<void> {
  const path = app.services().workspace.pathOf(uri);
  readable(app, uri);
  const found = markdownRequest(markdown, path);
  if (found.request === '') {
    throw new PlanwrightError('INVALID_INPUT', 'There is no text that says what is wanted.', {
      hint: 'Write a title and what it must do; docs/starting.md shows how it is read.',
    });
  }
  await startWith(app, () => confirm(found));
}

/** Shows what was read, everything ticked; Enter starts, and what is unticked is left out. */
async function confirm(found: Input): Promise<Input | undefined> {
  const { request, requirements, constraints = [] } = found;
  const [title = ''] = request.split('\n', 1);
  if (requirements.length + constraints.length === 0) return ask({ request: title, complete: same(request, title) });
  const group = (label: string, texts: readonly string[], kind: 'requirement' | 'constraint') =>
    texts.length === 0
      ? []
      : [
          { label, kind: vscode.QuickPickItemKind.Separator },
          ...texts.map((text) => ({ label: text, picked: true, of: kind })),
        ];
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { of?: 'requirement' | 'constraint' }>(
    [
      ...group(vscode.l10n.t('Requirements'), requirements, 'requirement'),
      ...group(vscode.l10n.t('Constraints'), constraints, 'constraint'),
    ],
    {
      title: vscode.l10n.t('Start: {0}', title),
      placeHolder: vscode.l10n.t('Untick what it need not do, then press Enter to start'),
      canPickMany: true,
      ignoreFocusOut: true,
    },
  );
  if (!picked) return undefined;
  const of = (kind: 'requirement' | 'constraint') =>
    picked.filter((entry) => entry.of === kind).map(({ label }) => label);
  const kept = of('constraint');
  return checked({ request, requirements: of('requirement'), ...(kept.length > 0 ? { constraints: kept } : {}) });
}

/** An input box shows one line of the request: unchanged, it stands for all of it. */
function same(request: string, title: string): (typed: string) => string {
  return (typed) => (typed === title.trim() ? request : `${typed}${request.slice(title.length)}`);
}

function checked(input: Input): Input {
  const result = inputSchema.safeParse(input, forPeople);
  if (result.success) return result.data;
  throw unusableInput(result.error, {
    whole: 'request',
    hint: 'Shorten the text, or select a part of it and start from the selection.',
  });
}

/** What may hold secrets goes into no prompt, not even when it was selected by hand. */
function readable(app: App, uri: vscode.Uri): void {
  const path = app.services().workspace.pathOf(uri) ?? uri.path;
  if (!isDenied(path)) return;
  throw new PlanwrightError('DENIED_PATH', `“${path}” may hold secrets and is not given to a model.`, {
    hint: 'Say in your own words what is wanted.',
  });
}
