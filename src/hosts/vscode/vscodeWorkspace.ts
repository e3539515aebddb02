import { join } from 'node:path';
import * as vscode from 'vscode';
import { textHash } from '../../workflow/edits/hash.ts';
import { diffHunks } from '../../workflow/edits/hunks.ts';
import { splitLines } from '../../workflow/edits/lines.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { checkedPath } from '../../workflow/guards.ts';
import type { Diagnostic, FileChange, FileSnapshot, OutlineSymbol } from '../../workflow/ports.ts';
import { NodeWorkspace } from '../node/nodeWorkspace.ts';
import { editorsRipgrep } from '../node/ripgrep.ts';
import { editorName, reencodeText, type TextEncoding } from '../node/textEncoding.ts';

/** How often a file is saved that VS Code does not save at once, and how long after, in milliseconds. */
const SAVE_TRIES = 3;
const SAVE_AGAIN_MS = 300;

/** A workspace folder open in an editor: unsaved changes are seen, and changes can be undone. */
export class VscodeWorkspace extends NodeWorkspace {
  constructor(folder: vscode.WorkspaceFolder) {
    super(folder.uri.fsPath, {
      excludes: () => excludedPatterns(folder),
      encodingOf: (path) => configuredEncoding(vscode.Uri.joinPath(folder.uri, path)),
      ripgrep: () => editorsRipgrep(vscode.env.appRoot),
    });
  }

  /** What is not saved yet is not on disk for ripgrep to find. */
  override async filesContaining(text: string): Promise<ReadonlySet<string> | null> {
    const saved = await super.filesContaining(text);
    const unsaved = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
    return saved && new Set([...saved, ...unsaved.flatMap(({ uri }) => this.pathOf(uri) ?? [])]);
  }

  override async read(path: string): Promise<FileSnapshot | null> {
    const saved = await super.read(path);
    const buffer = this.#openDocument(path);
    if (!saved || !buffer?.isDirty) return saved;
    const text = buffer.getText();
    return { ...saved, text, hash: textHash(text), dirty: true };
  }

  override async apply(change: FileChange): Promise<void> {
    const path = checkedPath(change.path);
    const before = await this.#check(change);
    if (change.action === 'modify' && !(await this.#canSaveExactly(path, change.text))) return super.apply(change);
    const uri = this.uri(path);
    const edit = new vscode.WorkspaceEdit();
    const label = { label: `Planwright: ${change.action} ${path}`, needsConfirmation: false };
    switch (change.action) {
      case 'create':
        edit.createFile(uri, { contents: await this.bytesOfNew(path, change.text), overwrite: false }, label);
        break;
      case 'modify':
        await this.#replaceLines(edit, uri, change.text, label);
        break;
      case 'delete':
        edit.deleteFile(uri, { recursive: false }, label);
        break;
      case 'rename':
        edit.renameFile(this.uri(checkedPath(change.from)), uri, { overwrite: false }, label);
        break;
    }
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new PlanwrightError('DRIFT', `VS Code did not apply the change of ${path}. Nothing was written.`, {
        hint: 'Open the file, see whether it can be edited, then accept again.',
      });
    }
    if (change.action === 'modify' && !before?.dirty) await this.#save(uri, path);
    if (change.action === 'rename') await this.#afterMove(change, before);
  }

  protected override chosenEncoding(path: string): string | undefined {
    const encoding = this.#openDocument(path)?.encoding;
    // VS Code opens whatever has no mark in the configured one: that is nobody's choice.
    return encoding === configuredEncoding(this.uri(path)) ? undefined : encoding;
  }

  override async outline(path: string): Promise<readonly OutlineSymbol[]> {
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      this.uri(checkedPath(path)),
    );
    if (!symbols?.length) return super.outline(path);
    const flatten = (list: readonly vscode.DocumentSymbol[]): OutlineSymbol[] =>
      list.flatMap(({ name, kind, range, children }) => [
        { name, kind: vscode.SymbolKind[kind].toLowerCase(), line: range.start.line + 1 },
        ...flatten(children ?? []),
      ]);
    return flatten(symbols);
  }

  override async diagnostics(path?: string): Promise<readonly Diagnostic[]> {
    const all =
      path === undefined
        ? vscode.languages.getDiagnostics()
        : [[this.uri(path), vscode.languages.getDiagnostics(this.uri(path))] as const];
    return all.flatMap(([uri, list]) => {
      // Files elsewhere, as in a scratch copy, have problems too.
      const its = this.pathOf(uri);
      if (its === undefined) return [];
      return list.map(({ message, range, severity }) => ({
        path: its,
        line: range.start.line + 1,
        severity: severities[severity],
        message,
      }));
    });
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.file(join(this.root, path));
  }

  /** Opens a file in the encoding it is read in here, which an editor that shows it later then keeps. */
  async openAsRead(path: string): Promise<vscode.Uri> {
    const loaded = await this.load(path).catch(() => null);
    if (loaded) await this.#documentOf(path, loaded.decoded).catch(() => {}); // The editor says why it cannot.
    return this.uri(path);
  }

  /** The relative path of a document of this workspace; undefined for any other. */
  pathOf(uri: vscode.Uri): string | undefined {
    if (uri.scheme !== 'file') return undefined;
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder?.uri.fsPath === this.root ? vscode.workspace.asRelativePath(uri, false) : undefined;
  }

  #openDocument(path: string): vscode.TextDocument | undefined {
    const uri = this.uri(checkedPath(path)).toString();
    return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
  }

  async #documentOf(path: string, decoded: TextEncoding): Promise<vscode.TextDocument> {
    const uri = this.uri(path);
    return this.#openDocument(path) ?? vscode.workspace.openTextDocument(uri, { encoding: editorName(decoded) });
  }

  /** The guards, on the path as it resolves now and the text as it is now. */
  async #check(change: FileChange): Promise<FileSnapshot | null> {
    const to = checkedPath(change.path);
    await this.resolveInside(to);
    if (change.action === 'create') {
      if (await this.exists(to)) throw this.existsAlready(to);
      return null;
    }
    const path = change.action === 'rename' ? checkedPath(change.from) : to;
    if (change.action === 'rename') await this.checkMove(path, to);
    this.#checkNotebook(path);
    return this.expect(path, change.expectedHash);
  }

  /** What a notebook editor has not saved is in no text document, so that a change of the file would clash with it. */
  #checkNotebook(path: string): void {
    const uri = this.uri(path).toString();
    const open = vscode.workspace.notebookDocuments.find((notebook) => notebook.uri.toString() === uri);
    if (!open?.isDirty) return;
    throw new PlanwrightError('DRIFT', `${path} is open as a notebook with unsaved changes. Nothing was written.`, {
      hint: 'Save the notebook, then accept again.',
    });
  }

  /**
   * Would VS Code, asked to put this text into a file and to save it, write just that? It would not where opening the
   * file changes its text already (one line end for all lines, \r being one), where there is no byte order mark on
   * UTF-16 or more than one way to write a character, nor where saving is set to change more than was accepted. Such
   * a file is written on disk instead, and an editor that has it open takes it from there, undo included. A file with
   * unsaved changes is only changed in its editor.
   * @throws PlanwrightError ENCODING when the file's encoding has no bytes for a character
   */
  async #canSaveExactly(path: string, text: string): Promise<boolean> {
    const loaded = await this.load(path);
    if (!loaded) return true;
    const { decoded, snapshot } = loaded;
    reencodeText(text, loaded.bytes, decoded, path);
    const document = await this.#documentOf(path, decoded);
    if (document.isDirty) return true;
    const isKept = decoded.canonical && (decoded.bom || !decoded.encoding.startsWith('utf16'));
    const isShown = document.getText() === snapshot.text && document.encoding === editorName(decoded);
    return isKept && isShown && !changesOnSave(document);
  }

  async #afterMove(
    { path, from, text }: Extract<FileChange, { action: 'rename' }>,
    before: FileSnapshot | null,
  ): Promise<void> {
    await this.removeEmptyFolders(checkedPath(from));
    if (!before || before.text === text) return;
    await this.apply({ action: 'modify', path, text, expectedHash: before.hash });
  }

  async #replaceLines(
    edit: vscode.WorkspaceEdit,
    uri: vscode.Uri,
    text: string,
    label: vscode.WorkspaceEditEntryMetadata,
  ) {
    const document = await vscode.workspace.openTextDocument(uri);
    const before = document.getText();
    const lines = splitLines(text);
    for (const { baseRange, newRange } of diffHunks(before, text)) {
      const end = baseRange.start + baseRange.count;
      const range = new vscode.Range(
        new vscode.Position(baseRange.start, 0),
        end < document.lineCount ? new vscode.Position(end, 0) : document.lineAt(document.lineCount - 1).range.end,
      );
      edit.replace(uri, range, lines.slice(newRange.start, newRange.start + newRange.count).join(''), label);
    }
  }

  async #save(uri: vscode.Uri, path: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    // VS Code answers no as well where another save is under way, or was just quicker.
    for (let tries = 0; tries < SAVE_TRIES; tries++) {
      if ((await document.save()) || !document.isDirty) return;
      await new Promise((resolve) => setTimeout(resolve, SAVE_AGAIN_MS));
    }
    throw new PlanwrightError('READ_ONLY', `${path} was changed in the editor but could not be saved.`, {
      hint: 'Save the file yourself; the accepted change is in the editor.',
    });
  }
}

const severities = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: 'info',
  [vscode.DiagnosticSeverity.Hint]: 'info',
} as const;

function excludedPatterns(folder: vscode.WorkspaceFolder): string[] {
  const settings = vscode.workspace.getConfiguration('files', folder).get<Record<string, boolean>>('exclude') ?? {};
  return Object.keys(settings).filter((pattern) => settings[pattern]);
}

function configuredEncoding(uri: vscode.Uri): string {
  return vscode.workspace.getConfiguration('files', uri).get<string>('encoding') ?? 'utf8';
}

/** Do the settings have VS Code change a file's text whenever it is saved? */
function changesOnSave(document: vscode.TextDocument): boolean {
  const files = vscode.workspace.getConfiguration('files', document);
  const editor = vscode.workspace.getConfiguration('editor', document);
  const actions = editor.get<object>('codeActionsOnSave') ?? {};
  return (
    ['insertFinalNewline', 'trimFinalNewlines', 'trimTrailingWhitespace'].some((name) => files.get<boolean>(name)) ||
    Boolean(editor.get<boolean>('formatOnSave')) ||
    Object.values(actions).some((when) => when !== false && when !== 'never')
  );
}
