import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, mkdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { textHash } from '../../workflow/edits/hash.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { checkedPath, isDenied } from '../../workflow/guards.ts';
import type { Diagnostic, FileChange, FileSnapshot, OutlineSymbol, Workspace } from '../../workflow/ports.ts';
import { createFile, removeLeftovers, replaceFile } from './atomicWrite.ts';
import { outlineOf } from './outline.ts';
import { filesContaining } from './ripgrep.ts';
import { walk } from './walk.ts';

const run = promisify(execFile);
const MAX_BYTES = 4 * 1024 * 1024;
const BOM = '\uFEFF';

/** A folder on disk, without an editor. */
export class NodeWorkspace implements Workspace {
  readonly name: string;
  readonly root: string;
  readonly #excludes: () => readonly string[];
  readonly #ripgrep: () => Promise<string | undefined>;

  /**
   * @param excludes further patterns to leave out, in .gitignore syntax
   * @param ripgrep where a ripgrep is; without one every file is read
   */
  constructor(
    root: string,
    excludes: () => readonly string[] = () => [],
    ripgrep: () => Promise<string | undefined> = async () => undefined,
  ) {
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
    return rg === undefined ? null : filesContaining(rg, this.root, text);
  }

  async read(path: string): Promise<FileSnapshot | null> {
    const clean = checkedPath(path);
    const file = await this.resolveInside(clean);
    const info = await stat(file).catch(absent);
    if (!info?.isFile()) return null;
    if (info.size > MAX_BYTES) throw tooLarge(clean, info.size);
    const text = decode(await readFile(file), clean).replace(BOM, '');
    return { path: clean, text, hash: textHash(text), readOnly: !(await writable(file)), dirty: false };
  }

  async apply(change: FileChange): Promise<void> {
    const path = checkedPath(change.path);
    const file = await this.resolveInside(path);
    if (change.action === 'create' || change.action === 'rename') {
      if (await this.exists(path)) throw this.drift(path, 'exists already');
    }
    switch (change.action) {
      case 'create':
        await mkdir(dirname(file), { recursive: true });
        return createFile(file, change.text);
      case 'modify':
        return this.#rewrite(path, file, change.text, change.expectedHash);
      case 'delete':
        await this.expect(path, change.expectedHash);
        return rm(file);
      case 'rename': {
        const from = checkedPath(change.from);
        const source = await this.resolveInside(from);
        await this.expect(from, change.expectedHash);
        await mkdir(dirname(file), { recursive: true });
        const { mode } = await stat(source);
        await createFile(file, await this.#withBomOf(source, change.text), mode);
        return rm(source);
      }
    }
  }

  async cleanUp(change: FileChange): Promise<void> {
    const path = checkedPath(change.path);
    await removeLeftovers(await this.resolveInside(path));
    if (change.action !== 'rename' || !(await this.exists(path))) return;
    const left = await this.read(change.from);
    if (left?.hash === change.expectedHash) await rm(await this.resolveInside(checkedPath(change.from)));
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

  /**
   * The file, if it still has the text with this hash and can be written.
   * @throws PlanwrightError DRIFT | READ_ONLY
   */
  protected async expect(path: string, expectedHash: string): Promise<FileSnapshot> {
    const file = await this.read(path);
    if (!file) throw this.drift(path, 'is gone');
    if (file.hash !== expectedHash) throw this.drift(path, 'has changed');
    if (!file.readOnly) return file;
    throw new PlanwrightError('READ_ONLY', `${path} is read-only.`, {
      hint: 'Make the file writable, then accept again.',
    });
  }

  protected drift(path: string, what: string): PlanwrightError {
    return new PlanwrightError('DRIFT', `${path} ${what} since the proposal was made. Nothing was written.`, {
      hint: 'Open the proposal again: it is brought up to date with the file.',
    });
  }

  async #rewrite(path: string, file: string, text: string, expectedHash: string): Promise<void> {
    await this.expect(path, expectedHash);
    await replaceFile(file, await this.#withBomOf(file, text));
  }

  async #withBomOf(file: string, text: string): Promise<string> {
    const hasBom = (await readFile(file)).subarray(0, 3).equals(Buffer.from(BOM));
    return hasBom ? BOM + text : text;
  }
}

function tooLarge(path: string, size: number): PlanwrightError {
  return new PlanwrightError('TOO_LARGE', `${path} has ${size} bytes; files over ${MAX_BYTES} are not read.`);
}

function decode(bytes: Buffer, path: string): string {
  try {
    if (bytes.includes(0)) throw new TypeError('a NUL byte');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PlanwrightError('BINARY', `${path} is not UTF-8 text, so it is neither read nor changed.`, { cause });
  }
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
