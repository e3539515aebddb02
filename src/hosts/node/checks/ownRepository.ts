import { appendFile, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { git, gitOrNull, type Repository } from './git.ts';

/** One process tells it all: a process costs more than the answer. */
const asked = [
  '--show-object-format',
  ...['objects', 'shallow', 'info/exclude'].flatMap((path) => ['--git-path', path]),
];

/**
 * Makes `folder` a repository at the commit the developer is at, with the branches and tags by their names. Only objects
 * are shared, to be read: whatever a check does with git (stash, tag, commit, reset) stays in the copy and goes with it.
 * It has no remotes, no hooks and none of the repository's own configuration. Nothing is checked out: a checkout runs
 * filters, and the files come from the developer's working tree anyway.
 * @returns false where that cannot be done, as in a repository of another format
 */
export async function makeOwnRepository({ top }: Repository, folder: string): Promise<boolean> {
  try {
    const [format, ...places] = (await git(top, ['rev-parse', ...asked])).split('\n');
    const [objects, shallow, excludes] = places.map((place) => resolve(top, place));
    if (!format || !objects || !shallow || !excludes) return false;
    await git(folder, ['init', '--quiet', '--template=', `--object-format=${format}`, '.']);
    const at = (path: string) => join(folder, '.git', path);
    await mkdir(at('objects/info'), { recursive: true });
    await writeFile(at('objects/info/alternates'), `${quoted(objects)}\n`);
    // A shallow clone ends where this file says; without it git would look for what lies behind.
    await copyFile(shallow, at('shallow')).catch(() => {});
    await mkdir(at('info'), { recursive: true });
    await copyFile(excludes, at('info/exclude')).catch(() => {});
    await appendFile(at('config'), '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n');

    const head = (await gitOrNull(top, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))?.trim();
    if (!head) return true; // Without a commit there is nothing more.
    const refs = await git(top, ['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads', 'refs/tags']);
    await writeFile(at('packed-refs'), `# pack-refs with: sorted \n${refs}`);
    await writeFile(at('HEAD'), `${head}\n`);
    await git(folder, ['read-tree', 'HEAD']);
    return true;
  } catch {
    return false;
  }
}

/** As git reads a path in the list of alternates: one that begins with a quotation mark would be taken for C. */
function quoted(path: string): string {
  return /["\n\\]/.test(path) ? JSON.stringify(path) : path;
}
