import { createHash, type Hash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { walk } from '../walk.ts';
import { git, gitOrNull, repositoryOf } from './git.ts';

/** Larger files are told by their size and times. */
const MAX_READ = 1024 * 1024;

/** What is installed, as far as a check sees it. */
const installed = ['node_modules', 'node_modules/.package-lock.json', '.venv', 'venv', 'vendor'];

/**
 * A hash that stays the same while the workspace's files do: of HEAD and of every file that differs from it;
 * without git, of every file.
 */
export async function workspaceState(workspace: string): Promise<string> {
  const hash = createHash('sha256');
  const repository = await repositoryOf(workspace);
  if (repository) {
    const { top } = repository;
    hash.update((await gitOrNull(top, ['rev-parse', 'HEAD'])) ?? 'unborn');
    const status = await git(top, ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames']);
    hash.update(status);
    for (const entry of status.split('\0').sort()) if (entry !== '') await add(hash, top, entry.slice(3), MAX_READ);
  } else {
    for (const path of (await walk(workspace, [], { links: true })).sort()) await add(hash, workspace, path, 0);
  }
  for (const path of installed) {
    const info = await lstat(join(workspace, path)).catch(() => null);
    hash.update(`${path} ${info?.mtimeMs ?? 'none'}\0`);
  }
  return hash.digest('hex');
}

async function add(hash: Hash, root: string, path: string, maxRead: number): Promise<void> {
  const file = join(root, path);
  const info = await lstat(file).catch(() => null);
  hash.update(`${path}\0${info?.mode ?? 'none'}\0`);
  if (info?.isSymbolicLink()) hash.update(await readlink(file).catch(() => ''));
  else if (info?.isFile() && info.size <= maxRead) hash.update(await readFile(file).catch(() => ''));
  else if (info) hash.update(`${info.size} ${info.mtimeMs} ${info.ctimeMs}`);
}
