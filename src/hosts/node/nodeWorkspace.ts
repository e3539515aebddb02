import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, mkdir, readdir, readFile, readlink, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { textHash } from '../../workflow/edits/hash.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { checkedPath, isDenied } from '../../workflow/guards.ts';
import type { Diagnostic, FileChange, FileSnapshot, OutlineSymbol, Workspace } from '../../workflow/ports.ts';
import { say } from '../../workflow/words/say.ts';
import { createFile, removeLeftovers, replaceFile } from './atomicWrite.ts';
import { outlineOf } from './outline.ts';
import { filesContaining } from './ripgrep.ts';
import {
  type DecodedText,
  decodeText,
  encodeText,
  encodingOfNew,
  loadTablesFor,
  reencodeText,
} from './textEncoding.ts';
import { walk } from './walk.ts';

const run = promisify(execFile);
const MAX_BYTES = 4 * 1024 * 1024;

/** A file as it was read: what the workflow sees of it, and the bytes behind that. */
export interface LoadedFile {
  readonly snapshot: FileSnapshot;
  readonly bytes: Buffer;
  readonly decoded: DecodedText;
}

export interface NodeWorkspaceOptions {
  /** Further patterns to leave out, in .gitignore syntax. */
  readonly excludes?: () => readonly string[];
  /** What a file without a mark is in when it is not UTF-8, as `files.encoding` names it. */
  readonly encodingOf?: (path: string) => string;
  /** Where a ripgrep is; without one every file is read. */
  readonly ripgrep?: () => Promise<string | undefined>;
}

/** A folder on disk, without an editor. */
export class NodeWorkspace implements Workspace {
  readonly name: string;
  readonly root: string;
  readonly #excludes: () => readonly string[];
  readonly #encodingOf: (path: string) => string;
  readonly #ripgrep: () => Promise<string | undefined>;

  constructor(
    root: string,
    { excludes = () => [], encodingOf = () => 'utf8', ripgrep = async () => undefined }: NodeWorkspaceOptions = {},
  ) {
    this.#encodingOf = encodingOf;
    this.#ripgrep = ripgrep;
    this.root = resolve(root);
    this.name = basename(this.root);
    this.#excludes = excludes;
  }

  async listFiles(): Promise<readonly string[]> {
    const found = await walk(this.root, this.#excludes());
    return found.filter((path) => !isDenied(path)).sort();
  }

  async filesContaining(text: string): Promise<ReadonlySet<string> | null> {
    const rg = await this.#ripgrep();
    // Ripgrep reads UTF-8, and UTF-16 with its mark: what other encodings write in other bytes it does not find.
    if (!/^[ -~\t]*$/.test(text) && this.#encodingOf('') !== 'utf8') return null;
    return rg === undefined ? null : filesContaining(rg, this.root, text);
  }

  async read(path: string): Promise<FileSnapshot | null> {
    return (await this.load(path))?.snapshot ?? null;
  }

  async apply(change: FileChange): Promise<void> {
    try {
      await this.#apply(change);
    } catch (error) {
      throw refused(change.path, error);
    }
  }

  async cleanUp(change: FileChange): Promise<void> {
    const path = checkedPath(change.path);
    await removeLeftovers(await this.resolveInside(path));
    if (change.action !== 'rename' || !(await this.exists(path)) || (await this.#isSameEntry(change.from, path)))
      return;
    const left = await this.read(change.from);
    if (left?.hash === change.expectedHash) await rm(await this.#entryOf(checkedPath(change.from)));
  }

  async outline(path: string): Promise<readonly OutlineSymbol[]> {
    const file = await this.read(path);
    return file ? outlineOf(file.text) : [];
  }

  async diagnostics(): Promise<readonly Diagnostic[]> {
    return [];
  }

  async gitLog(path: string | undefined, limit: number): Promise<readonly string[]> {
    const scope = path === undefined ? [] : ['--', checkedPath(path)];
    const args = ['-C', this.root, 'log', `-${limit}`, '--format=%h %as %s', ...scope];
    const result = await run('git', args, { timeout: 10_000 }).catch(() => ({ stdout: '' }));
    return result.stdout.split('\n').filter((line) => line !== '');
  }

  /** A file's bytes, as they were at some time, as text. @throws PlanwrightError BINARY | ENCODING */
  async decode(path: string, bytes: Buffer): Promise<string> {
    const hints = { chosen: this.chosenEncoding(path), configured: this.#encodingOf(path) };
    await loadTablesFor(bytes, hints);
    return decodeText(bytes, path, hints).text;
  }

  /**
   * The absolute path behind a relative one, every link on the way resolved.
   * @throws PlanwrightError OUTSIDE_WORKSPACE | DENIED_PATH when the real path is out of bounds
   */
  async resolveInside(path: string): Promise<string> {
    const root = await realpath(this.root);
    const real = await realpathOfNearest(join(root, path));
    const inside = relative(root, real);
    if (inside.startsWith('..') || resolve(root, inside) !== real) {
      throw new PlanwrightError('OUTSIDE_WORKSPACE', `“${path}” leads outside the workspace through a link.`);
    }
    if (inside !== '') checkedPath(inside.split(sep).join('/'));
    return real;
  }

  /** Is there anything at this path, a broken link included? */
  async exists(path: string): Promise<boolean> {
    return (await lstat(join(this.root, checkedPath(path))).catch(absent)) !== null;
  }

  /** The encoding somebody has opened a file with, where there is somebody. */
  protected chosenEncoding(_path: string): string | undefined {
    return undefined;
  }

  protected async load(path: string): Promise<LoadedFile | null> {
    const clean = checkedPath(path);
    const file = await this.resolveInside(clean);
    const info = await stat(file).catch(absent);
    if (!info?.isFile()) return null;
    if (info.size > MAX_BYTES) throw tooLarge(clean, info.size);
    const bytes = await readFile(file);
    const hints = { chosen: this.chosenEncoding(clean), configured: this.#encodingOf(clean) };
    await loadTablesFor(bytes, hints);
    const decoded = decodeText(bytes, clean, hints);
    const { text } = decoded;
    const readOnly = !(await writable(file));
    return { snapshot: { path: clean, text, hash: textHash(text), readOnly, dirty: false }, bytes, decoded };
  }

  /** The bytes of a file that is new. @throws PlanwrightError ENCODING */
  protected async bytesOfNew(path: string, text: string): Promise<Buffer> {
    const configured = this.#encodingOf(path);
    await loadTablesFor(Buffer.alloc(0), { configured });
    return encodeText(text, encodingOfNew(configured), path);
  }

  /**
   * The file, if it still has the text with this hash and can be written.
   * @throws PlanwrightError DRIFT | READ_ONLY
   */
  protected async expect(path: string, expectedHash: string): Promise<FileSnapshot> {
    return this.#writable(await this.read(path), path, expectedHash);
  }

  /**
   * Looks whether a file can be moved: nothing is at its new path, but for itself under a name of other case.
   * @throws PlanwrightError DRIFT | INVALID_INPUT
   */
  protected async checkMove(from: string, to: string): Promise<void> {
    if ((await this.exists(to)) && !(await this.#isSameEntry(from, to))) throw this.existsAlready(to);
    const link = join(this.root, from);
    if (!(await lstat(link).catch(absent))?.isSymbolicLink()) return;
    throw new PlanwrightError(
      'INVALID_INPUT',
      `${from} is a link to ${await readlink(link)}, and links are not moved.`,
      {
        hint: 'Move the file that it leads to, or reject the move.',
      },
    );
  }

  /** Takes away the folders that a moved file has left empty, as Git would. */
  protected async removeEmptyFolders(path: string): Promise<void> {
    const root = await realpath(this.root);
    const emptied = (folder: string) =>
      rmdir(folder).then(
        () => true,
        () => false,
      );
    let folder = dirname(await this.#entryOf(path));
    while (folder !== root && (await emptied(folder))) folder = dirname(folder);
  }

  protected existsAlready(path: string): PlanwrightError {
    return this.drift(say`${path} exists already since the proposal was made. Nothing was written.`);
  }

  protected drift(message: string): PlanwrightError {
    return new PlanwrightError('DRIFT', message, {
      hint: 'Open the proposal again: it is brought up to date with the file.',
    });
  }

  async #apply(change: FileChange): Promise<void> {
    const path = checkedPath(change.path);
    const file = await this.resolveInside(path);
    switch (change.action) {
      case 'create':
        if (await this.exists(path)) throw this.existsAlready(path);
        return this.#create(file, await this.bytesOfNew(path, change.text));
      case 'modify':
        return replaceFile(file, await this.#newBytes(path, change));
      case 'delete':
        await this.expect(path, change.expectedHash);
        return rm(await this.#entryOf(path)); // Of a link only the link: its file may serve others.
      case 'rename':
        return this.#move(checkedPath(change.from), path, change);
    }
  }

  async #create(file: string, bytes: Buffer, mode?: number): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await createFile(file, bytes, mode);
  }

  async #move(
    from: string,
    to: string,
    change: { readonly text: string; readonly expectedHash: string },
  ): Promise<void> {
    await this.checkMove(from, to);
    const bytes = await this.#newBytes(from, change);
    const [source, target] = [await this.#entryOf(from), await this.#entryOf(to)];
    if (await this.#isSameEntry(from, to)) {
      // The name first: after a crash between the two the file has its old text and the move can be made again.
      await rename(source, target);
      return replaceFile(target, bytes);
    }
    const { mode } = await stat(source);
    await this.#create(target, bytes, mode);
    await rm(source);
    await this.removeEmptyFolders(from);
  }

  /** What a file's bytes will be, if it still is what the change expects. */
  async #newBytes(path: string, change: { readonly text: string; readonly expectedHash: string }): Promise<Buffer> {
    const loaded = await this.load(path);
    this.#writable(loaded?.snapshot ?? null, path, change.expectedHash);
    if (!loaded) throw this.drift(say`${path} is gone since the proposal was made. Nothing was written.`);
    return reencodeText(change.text, loaded.bytes, loaded.decoded, path);
  }

  #writable(file: FileSnapshot | null, path: string, expectedHash: string): FileSnapshot {
    if (!file) throw this.drift(say`${path} is gone since the proposal was made. Nothing was written.`);
    if (file.hash !== expectedHash)
      throw this.drift(say`${path} has changed since the proposal was made. Nothing was written.`);
    if (!file.readOnly) return file;
    throw readOnly(path);
  }

  /** The absolute path of an entry, every link on the way to it resolved, but it itself not. */
  async #entryOf(path: string): Promise<string> {
    return join(await this.resolveInside(dirname(path)), basename(path));
  }

  /** Do two names that differ in case only stand for one file, as they do where case does not count? */
  async #isSameEntry(from: string, to: string): Promise<boolean> {
    if (from.toLowerCase() !== to.toLowerCase()) return false;
    const [a, b] = [join(this.root, from), join(this.root, to)];
    const [one, other] = await Promise.all([lstat(a).catch(absent), lstat(b).catch(absent)]);
    if (!one || !other || one.ino !== other.ino || one.dev !== other.dev) return false;
    // Two hard links also are one file, but each has its own name in the folder.
    return (await realpath(a)) === (await realpath(b)) || !(await readdir(dirname(b))).includes(basename(b));
  }
}

/** What the operating system refuses, in words. */
function refused(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? readOnly(path, error) : error;
}

function readOnly(path: string, cause?: unknown): PlanwrightError {
  return new PlanwrightError('READ_ONLY', `${path} is read-only. Nothing was written.`, {
    hint: 'Make the file and its folder writable, then accept again.',
    cause,
  });
}

function tooLarge(path: string, size: number): PlanwrightError {
  return new PlanwrightError('TOO_LARGE', `${path} has ${size} bytes; files over ${MAX_BYTES} are not read.`);
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

async function writable(file: string): Promise<boolean> {
  const { mode } = await stat(file);
  if ((mode & 0o222) === 0) return false; // Root may write it all the same; the developer did not mean that.
  return access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function realpathOfNearest(path: string): Promise<string> {
  const real = await realpath(path).catch(absent);
  if (real !== null) return real;
  const parent = dirname(path);
  return parent === path ? path : join(await realpathOfNearest(parent), basename(path));
}
