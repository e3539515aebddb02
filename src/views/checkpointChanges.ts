import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isModeOnly, type RestoreStep } from '../hosts/node/git/restore.ts';
import type { PlannedRestore } from '../hosts/node/git/runCheckpoints.ts';

const SCHEME = 'planwright-checkpoint';

/** What a document shows. It stands in the query, so that both sides of a diff have the path of the file. */
interface Place {
  /** Of the plan. */
  readonly key: string;
  readonly side: 'now' | 'then' | 'nothing';
  /** In the workspace. */
  readonly path: string;
}

/** What a restore would change, as diffs: on the left the files as they are, on the right as they were. */
export class CheckpointChanges implements vscode.Disposable {
  readonly #root: string;
  readonly #registration: vscode.Disposable;
  /** By their keys. */
  readonly #plans = new Map<string, PlannedRestore>();
  #count = 0;

  constructor(root: string) {
    this.#root = root;
    this.#registration = vscode.workspace.registerFileSystemProvider(SCHEME, this.#files(), { isReadonly: true });
  }

  /** Takes in a plan; until it is disposed its diffs can be shown. */
  of(plan: PlannedRestore, checkpoint: number): ShownChanges {
    const key = String(++this.#count);
    this.#plans.set(key, plan);
    return new ShownChanges(this.#root, key, plan, checkpoint, () => this.#plans.delete(key));
  }

  dispose(): void {
    this.#registration.dispose();
    this.#plans.clear();
  }

  #files(): vscode.FileSystemProvider {
    const refuse = () => {
      throw vscode.FileSystemError.NoPermissions('A checkpoint can only be read.');
    };
    return {
      onDidChangeFile: () => new vscode.Disposable(() => {}),
      watch: () => new vscode.Disposable(() => {}),
      stat: async (uri) => ({
        type: vscode.FileType.File,
        ctime: 0,
        mtime: 0,
        size: (await this.#read(uri)).byteLength,
        permissions: vscode.FilePermission.Readonly,
      }),
      readFile: (uri) => this.#read(uri),
      readDirectory: () => [],
      writeFile: refuse,
      createDirectory: refuse,
      delete: refuse,
      rename: refuse,
    };
  }

  async #read(uri: vscode.Uri): Promise<Uint8Array> {
    const { key, side, path } = JSON.parse(uri.query) as Place;
    const plan = this.#plans.get(key);
    if (!plan) throw vscode.FileSystemError.FileNotFound(uri);
    if (side === 'nothing') return new Uint8Array();
    const file = side === 'then' ? await plan.fileOf(path) : join(this.#root, path);
    const isLink = (await lstat(file)).isSymbolicLink();
    return isLink ? Buffer.from(vscode.l10n.t('A link to {0}', await readlink(file))) : readFile(file);
  }
}

/** The diffs of one planned restore. */
export class ShownChanges implements vscode.Disposable {
  readonly #root: string;
  readonly #key: string;
  readonly #plan: PlannedRestore;
  readonly #checkpoint: number;
  readonly #forget: () => void;

  constructor(root: string, key: string, plan: PlannedRestore, checkpoint: number, forget: () => void) {
    this.#root = root;
    this.#key = key;
    this.#plan = plan;
    this.#checkpoint = checkpoint;
    this.#forget = forget;
  }

  /** All files whose content would change, in one editor. */
  async showAll(): Promise<void> {
    const shown = this.#plan.steps.filter((step) => !isModeOnly(step));
    if (shown.length === 0) return;
    const title = vscode.l10n.t('As it is ↔ checkpoint {0}', this.#checkpoint);
    await vscode.commands.executeCommand(
      'vscode.changes',
      title,
      shown.map((step) => [vscode.Uri.file(join(this.#root, step.path)), this.#now(step), this.#then(step)]),
    );
  }

  async showOne(step: RestoreStep): Promise<void> {
    const empty = this.#uri('nothing', step.path);
    const title = vscode.l10n.t('{0}: as it is ↔ checkpoint {1}', step.path, this.#checkpoint);
    const options = { preview: true, preserveFocus: true };
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.#now(step) ?? empty,
      this.#then(step) ?? empty,
      title,
      options,
    );
  }

  /** Closes the diffs: what they show is gone once the restore is done or dropped. */
  dispose(): void {
    const own = (input: unknown): boolean =>
      sidesOf(input).some((uri) => uri?.scheme === SCHEME && (JSON.parse(uri.query) as Place).key === this.#key);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(({ input }) => own(input)));
    void vscode.window.tabGroups.close(tabs).then(this.#forget, this.#forget);
  }

  #then({ path, then }: RestoreStep): vscode.Uri | undefined {
    return then === null ? undefined : this.#uri('then', path);
  }

  /** The file itself, unsaved changes and all; what a link leads to says nothing about the link. */
  #now({ path, then, now }: RestoreStep): vscode.Uri | undefined {
    if (now === null) return undefined;
    const isLink = [then?.kind, now.kind].includes('link');
    return isLink ? this.#uri('now', path) : vscode.Uri.file(join(this.#root, path));
  }

  #uri(side: Place['side'], path: string): vscode.Uri {
    const query = JSON.stringify({ key: this.#key, side, path } satisfies Place);
    return vscode.Uri.file(join(this.#root, path)).with({ scheme: SCHEME, query });
  }
}

/** The documents of a diff in a tab. The type of an editor of several diffs is not in the stable API yet. */
function sidesOf(input: unknown): readonly (vscode.Uri | undefined)[] {
  const { textDiffs = [input] } = (input ?? {}) as { readonly textDiffs?: readonly unknown[] };
  return (textDiffs as readonly Partial<vscode.TabInputTextDiff>[]).flatMap((diff) => [diff?.original, diff?.modified]);
}
