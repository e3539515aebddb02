import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PlanwrightError } from '../../../workflow/errors.ts';
import type { Checkpoint } from '../../../workflow/ports.ts';
import { git, gitBytes, gitOrNull, repositoryOf, textOfBytes, zeroSeparated } from '../checks/git.ts';
import { saidBy, wholeIndex } from './checkpoints.ts';

/** What checkpoints hold, looked at with plumbing. Paths are those of the workspace. */

/** Something that Git keeps under a path. */
export interface Entry {
  readonly kind: 'file' | 'executable' | 'link' | 'submodule';
  /** The id of its content. */
  readonly object: string;
}

export interface Difference {
  /** Null when the name is not UTF-8. */
  readonly path: string | null;
  /** The name as it can be shown. */
  readonly name: string;
  readonly from: Entry | null;
  readonly to: Entry | null;
}

/** Is the commit of a checkpoint still in the repository? */
export async function isKept(workspace: string, { commit }: Checkpoint): Promise<boolean> {
  return (await gitOrNull(workspace, ['cat-file', '-e', `${commit}^{tree}`])) !== null;
}

/** What differs between two checkpoints in the workspace. A move is an entry that goes and one that comes. */
export async function differences(workspace: string, from: Checkpoint, to: Checkpoint): Promise<Difference[]> {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--relative', from.commit, to.commit];
  const parts = zeroSeparated((await gitBytes(workspace, args)).toString('latin1'));
  const found: Difference[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [modeFrom = '', modeTo = '', objectFrom = '', objectTo = ''] = (parts[at] ?? '').slice(1).split(' ');
    const bytes = parts[at + 1] ?? '';
    const path = textOfBytes(bytes);
    const name = path ?? Buffer.from(bytes, 'latin1').toString('utf8');
    found.push({ path, name, from: entryOf(modeFrom, objectFrom), to: entryOf(modeTo, objectTo) });
  }
  return found;
}

/** The difference of these files as a patch, as `git diff` shows it. */
export function patchOf(
  workspace: string,
  from: Checkpoint,
  to: Checkpoint,
  paths: readonly string[],
): Promise<string> {
  const args = ['diff-tree', '-p', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--relative'];
  const env = { GIT_LITERAL_PATHSPECS: '1' };
  return git(workspace, [...args, from.commit, to.commit, '--', ...paths], { env });
}

/** Files of a checkpoint in a folder apart. */
export interface CheckedOut {
  /** The absolute path of the copy. @throws PlanwrightError NOT_FOUND when Git could not write it, with the reason */
  fileOf(path: string): Promise<string>;
}

/**
 * Writes files of a checkpoint as Git would check them out then: filters, line ends, links and modes. Nothing of the
 * developer's repository is touched.
 * @param folder absolute and empty; it is the caller's to remove
 * @param attributesOfThen whether .gitattributes was another than it is in the working tree
 */
export async function checkOut(
  workspace: string,
  { commit }: Checkpoint,
  paths: readonly string[],
  folder: string,
  attributesOfThen = false,
): Promise<CheckedOut> {
  const { prefix } = (await repositoryOf(workspace)) ?? { prefix: '' };
  const index = { GIT_INDEX_FILE: join(folder, 'index') };
  const whole = [...wholeIndex, '-c', 'index.sparse=false', '-c', 'core.sparseCheckout=false'];
  await git(workspace, [...whole, 'read-tree', commit], { env: index });
  const files = join(folder, 'files');
  const checkoutIndex = [...whole, 'checkout-index', '-z', '--stdin'];
  const write = async (some: readonly string[]) => {
    if (!attributesOfThen) {
      const input = zeroEnded(some);
      return git(workspace, [...checkoutIndex, `--prefix=${files}/`], { env: index, input });
    }
    // Attributes come from the working tree and only where it has none from the index: this one has those of then. It
    // is not the rule because a filter may be named by its path in the developer's working tree.
    await mkdir(files, { recursive: true });
    const GIT_DIR = (await git(workspace, ['rev-parse', '--absolute-git-dir'])).replace(/\n$/, '');
    const env = { ...index, GIT_DIR, GIT_WORK_TREE: files };
    return git(files, checkoutIndex, { env, input: zeroEnded(some.map((path) => prefix + path)) });
  };
  await write(paths).catch(() => {}); // A filter that fails ends it all; who asks for a file that is missing hears why.
  return {
    async fileOf(path) {
      const file = join(files, prefix, path);
      const isThere = () => lstat(file).catch(() => null);
      if (await isThere()) return file;
      const said = await write([path]).then(() => 'it is not in the checkpoint', saidBy);
      if (await isThere()) return file;
      throw new PlanwrightError('NOT_FOUND', `Git did not check out ${path}: ${said}`);
    },
  };
}

function zeroEnded(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}

function entryOf(mode: string, object: string): Entry | null {
  switch (mode) {
    case '000000':
      return null;
    case '160000':
      return { kind: 'submodule', object };
    case '120000':
      return { kind: 'link', object };
    default:
      return { kind: mode === '100755' ? 'executable' : 'file', object };
  }
}
