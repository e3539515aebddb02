import { lstat, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { FileStates } from '../../../workflow/checks/checks.ts';
import { asPlanwrightError, cancelled, PlanwrightError } from '../../../workflow/errors.ts';
import { checkedPath } from '../../../workflow/guards.ts';
import { walk } from '../walk.ts';
import { type CopyLimits, copyTree, defaultCopyLimits } from './copyTree.ts';
import { shareDependencies } from './dependencies.ts';
import { filesOf, gitOrNull, repositoryOf } from './git.ts';
import { claimScratch, discardScratch, scratchPrefix } from './leftovers.ts';
import { makeOwnRepository } from './ownRepository.ts';

const BOM = '\uFEFF';

/** A copy of a workspace to run checks in. */
export interface Scratch {
  /** The absolute path, links resolved, of what stands for the workspace. */
  readonly root: string;
  /** Removes it. Never throws. */
  dispose(): Promise<void>;
}

export interface ScratchOptions {
  /** The absolute path of the workspace. */
  readonly workspace: string;
  /** The folder to make scratch copies in; made when it is not there. */
  readonly temp: string;
  readonly files: FileStates;
  readonly signal: AbortSignal;
  readonly limits?: CopyLimits;
}

/**
 * Copies the workspace as it is on disk, uncommitted changes included and ignored files left out, and puts `files`
 * in place. In a git repository the copy is a repository of its own at the same commit; the developer's is only read, and
 * no hook or filter of it runs.
 * @throws PlanwrightError OUTSIDE_WORKSPACE | DENIED_PATH | TOO_LARGE | CANCELLED | STORAGE; nothing is left then
 */
export async function makeScratch({
  workspace,
  temp,
  files,
  signal,
  limits = defaultCopyLimits,
}: ScratchOptions): Promise<Scratch> {
  for (const path of files.keys()) checkedPath(path);
  const folder = await newFolder(temp);
  const repository = await repositoryOf(workspace);
  const dispose = () => discardScratch(folder);
  try {
    const from = repository?.top ?? (await realpath(workspace));
    const paths = await (repository ? filesOf(repository) : ordinaryFiles(from));
    const hasGit = repository !== null && (await makeOwnRepository(repository, folder));
    await copyTree(from, folder, paths, { limits, signal });
    const root = resolve(folder, repository?.prefix ?? '');
    for (const [path, text] of files) await putFile(root, checkedPath(path), text);
    if (hasGit) await gitOrNull(folder, ['add', '--intent-to-add', '--', '.']);
    await shareDependencies(from, folder, paths);
    if (signal.aborted) throw cancelled();
    return { root, dispose };
  } catch (error) {
    await dispose();
    throw asStorageError(error);
  }
}

async function newFolder(temp: string): Promise<string> {
  try {
    await mkdir(temp, { recursive: true });
    const folder = await mkdtemp(scratchPrefix(await realpath(temp)));
    claimScratch(folder);
    return folder;
  } catch (error) {
    throw asStorageError(error);
  }
}

/** Without git: what .gitignore files leave in, and no virtual environments. */
function ordinaryFiles(folder: string): Promise<string[]> {
  return walk(folder, ['.venv', 'venv'], { links: true });
}

/** Writes or removes one file of the copy, and none that a link leads to outside it. */
async function putFile(root: string, path: string, text: string | null): Promise<void> {
  const file = join(root, path);
  await expectInside(root, dirname(file), path);
  if (text === null) return rm(file, { force: true });
  const isLink = (await lstat(file).catch(() => null))?.isSymbolicLink() ?? false;
  // The file behind a link is what the developer would have changed; when there is none, the link gives way.
  const real = isLink ? await realpath(file).catch(() => null) : file;
  if (real === null) await rm(file);
  else if (isLink) await expectInside(root, real, path);
  await mkdir(dirname(file), { recursive: true });
  const target = real ?? file;
  await writeFile(target, (await hasBom(target)) ? BOM + text : text);
}

async function expectInside(root: string, place: string, path: string): Promise<void> {
  const inside = relative(root, await realpathOfNearest(place));
  if (inside !== '..' && !inside.startsWith(`..${sep}`) && resolve(root, inside).startsWith(root)) return;
  throw new PlanwrightError('OUTSIDE_WORKSPACE', `“${path}” leads outside the workspace through a link.`);
}

async function realpathOfNearest(path: string): Promise<string> {
  return realpath(path).catch(() => realpathOfNearest(dirname(path)));
}

async function hasBom(file: string): Promise<boolean> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(3), 0, 3);
    return bytesRead === 3 && buffer.equals(Buffer.from(BOM));
  } finally {
    await handle.close();
  }
}

function asStorageError(error: unknown): PlanwrightError {
  const known = asPlanwrightError(error);
  if (known.code !== 'INTERNAL') return known;
  return new PlanwrightError('STORAGE', `No copy of the workspace could be made to run checks in: ${known.message}`, {
    hint: 'See that there is space left and that the workspace’s files can be read, then try again.',
    cause: error,
  });
}

/** The text of a file of a scratch copy; null when there is none, or it is larger than `maxBytes`. */
export async function readScratch(scratch: Scratch, path: string, maxBytes: number): Promise<string | null> {
  const file = join(scratch.root, path);
  const info = await lstat(file).catch(() => null);
  if (!info?.isFile() || info.size > maxBytes) return null;
  return readFile(file, 'utf8');
}
