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

/** A workspace folder open in an editor: unsaved changes are seen, and changes can be undone. */
export class VscodeWorkspace extends NodeWorkspace {
  constructor(folder: vscode.WorkspaceFolder) {
    super(
      folder.uri.fsPath,
      () => excludedPatterns(folder),
      () => editorsRipgrep(vscode.env.appRoot),
    );
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
    // An editor would turn mixed line ends into one kind and so touch lines nobody accepted.
    if (before && change.action === 'modify' && hasMixedEnds(before.text) && !before.dirty) return super.apply(change);
    const uri = this.uri(path);
    const edit = new vscode.WorkspaceEdit();
    const label = { label: `Planwright: ${change.action} ${path}`, needsConfirmation: false };
    switch (change.action) {
      case 'create':
        edit.createFile(uri, { contents: Buffer.from(change.text), overwrite: false }, label);
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
    if (change.action === 'rename' && before && before.text !== change.text) {
      await this.apply({ action: 'modify', path, text: change.text, expectedHash: before.hash });
    }
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
    return all.flatMap(([uri, list]) =>
      list.map(({ message, range, severity }) => ({
        path: vscode.workspace.asRelativePath(uri, false),
        line: range.start.line + 1,
        severity: severities[severity],
        message,
      })),
    );
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.file(join(this.root, path));
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

  /** The guards, on the path as it resolves now and the text as it is now. */
  async #check(change: FileChange): Promise<FileSnapshot | null> {
    await this.resolveInside(checkedPath(change.path));
    if (change.action === 'create') {
      if (await this.exists(change.path)) throw this.drift(change.path, 'exists already');
      return null;
    }
    const path = change.action === 'rename' ? change.from : change.path;
    if (change.action === 'rename' && (await this.exists(change.path))) throw this.drift(change.path, 'exists already');
    return this.expect(path, change.expectedHash);
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
    if (await document.save()) return;
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

function hasMixedEnds(text: string): boolean {
  return text.includes('\r\n') && /(^|[^\r])\n/.test(text);
}
