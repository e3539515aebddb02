import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cancelled, PlanwrightError } from '../../../workflow/errors.ts';
import { walk } from '../walk.ts';

const AT_ONCE = 32;

export interface CopyLimits {
  readonly files: number;
  readonly bytes: number;
}

export const defaultCopyLimits: CopyLimits = { files: 200_000, bytes: 4 * 1024 ** 3 };

/**
 * Copies files, with their modes and links as links, below another folder. What has gone meanwhile is left out;
 * a path that is a folder (a repository in a repository) is copied without what it ignores.
 * @throws PlanwrightError TOO_LARGE | CANCELLED
 */
export async function copyTree(
  from: string,
  to: string,
  paths: readonly string[],
  { limits, signal }: { readonly limits: CopyLimits; readonly signal: AbortSignal },
): Promise<void> {
  const queue = [...paths];
  const folders = new Map<string, Promise<unknown>>();
  let files = 0;
  let bytes = 0;

  const copy = async (path: string): Promise<void> => {
    const source = join(from, path);
    const info = await lstat(source).catch(() => null);
    if (info?.isDirectory()) {
      const folder = path.replace(/\/$/, '');
      for (const inner of await walk(source, [], { links: true })) queue.push(`${folder}/${inner}`);
      return;
    }
    if (!info?.isFile() && !info?.isSymbolicLink()) return;
    files++;
    bytes += info.size;
    if (files > limits.files || bytes > limits.bytes) throw tooLarge(limits);
    const target = join(to, path);
    const folder = dirname(target);
    if (!folders.has(folder)) folders.set(folder, mkdir(folder, { recursive: true }));
    await folders.get(folder);
    if (info.isSymbolicLink()) await symlink(await readlink(source), target);
    else await copyFile(source, target, constants.COPYFILE_FICLONE).catch(unlessGone);
  };

  const work = async (): Promise<void> => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (signal.aborted) throw cancelled();
      await copy(path);
    }
  };
  // All of them come to an end before this does, also when one fails: nothing is written behind a clean-up.
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  if (queue.length > 0) await work();
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function tooLarge({ files, bytes }: CopyLimits): PlanwrightError {
  return new PlanwrightError(
    'TOO_LARGE',
    `The workspace is too large to copy for checks: over ${files} files or ${Math.round(bytes / 1024 ** 2)} MB.`,
    { hint: 'Have .gitignore leave out data and build results, or open a smaller folder.' },
  );
}
