import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { isDenied } from '../../../workflow/guards.ts';
import type { Checkpoint, Checkpoints } from '../../../workflow/ports.ts';
import { type GitOptions, git, gitBytes, gitOrNull, repositoryOf, zeroSeparated } from '../checks/git.ts';

/** Where the commits of a run are: no branch, so that nothing of the developer's shows or pushes them. */
const prefixOf = (runId: string) => `refs/planwright/${runId}/`;

/** Untracked files over this many bytes are left out: they would stay in the repository for good. */
const MAX_UNTRACKED = 10 * 1024 * 1024;
/** The object that is none, as long as the id of another. */
const none = (id: string) => '0'.repeat(id.length);

/** An index of its own leaves no shared part in the developer's repository. */
const wholeIndex = ['-c', 'core.splitIndex=false'];

const identity = {
  GIT_AUTHOR_NAME: 'Planwright',
  GIT_AUTHOR_EMAIL: 'planwright@localhost',
  GIT_COMMITTER_NAME: 'Planwright',
  GIT_COMMITTER_EMAIL: 'planwright@localhost',
};

export interface GitCheckpointsOptions {
  /** Absolute. */
  readonly workspace: string;
  /** The folder for index files of its own; made when it is not there. */
  readonly temp: string;
}

/**
 * Commits of the working tree on hidden refs, made with plumbing through an index of its own: the developer's branch,
 * index, stash and hooks are not touched. What .gitignore or the deny list leaves out is left out.
 */
export class GitCheckpoints implements Checkpoints {
  readonly #workspace: string;
  readonly #temp: string;
  #last: { readonly stamp: string; readonly index: string } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor({ workspace, temp }: GitCheckpointsOptions) {
    this.#workspace = workspace;
    this.#temp = temp;
  }

  async unavailable(): Promise<string | null> {
    if ((await gitOrNull(this.#workspace, ['--version'])) === null) return 'Git was not found on this machine.';
    if ((await repositoryOf(this.#workspace)) === null) return 'This folder is not in a Git repository.';
    return null;
  }

  /** @throws PlanwrightError STORAGE when Git refuses; nothing is left then */
  make(runId: string, reason: string): Promise<Checkpoint | null> {
    return this.#inTurn(async () => {
      if ((await repositoryOf(this.#workspace)) === null) return null;
      const tree = await this.#tree();
      const head = (await gitOrNull(this.#workspace, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']))?.trim();
      const message = `Planwright checkpoint of run ${runId}\n\n${reason}\n`;
      const parents = head ? ['-p', head] : [];
      const commit = (
        await this.#git(['commit-tree', '--no-gpg-sign', tree, ...parents], { input: message, env: identity })
      ).trim();
      for (let id = (await this.#ids(runId)).length + 1; ; id++) {
        const ref = `${prefixOf(runId)}${id}`;
        // Another window may have taken the number meanwhile.
        const isNew = await gitOrNull(this.#workspace, ['update-ref', '--no-deref', ref, commit, none(commit)]);
        if (isNew !== null) return { id, ref, commit, reason };
        if (!(await this.#ids(runId)).includes(id)) throw storage(new Error(`${ref} cannot be written.`));
      }
    });
  }

  /** Removes the checkpoints of a run; Git removes what only they held in its own time. */
  async forget(runId: string, id?: number): Promise<void> {
    const ids = id === undefined ? await this.#ids(runId).catch(() => []) : [id];
    for (const one of ids)
      await gitOrNull(this.#workspace, ['update-ref', '--no-deref', '-d', `${prefixOf(runId)}${one}`]);
  }

  /**
   * What differs between two checkpoints in the workspace: for each path whether each of the two has it. Links,
   * submodules and what is no ordinary file otherwise is left out.
   */
  async differences(from: Checkpoint, to: Checkpoint): Promise<{ path: string; inFrom: boolean; inTo: boolean }[]> {
    const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--relative', from.commit, to.commit];
    const parts = zeroSeparated(await this.#git(args));
    const found: { path: string; inFrom: boolean; inTo: boolean }[] = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const [before = '', after = ''] = (parts[at] ?? '').slice(1).split(' ');
      const path = parts[at + 1] ?? '';
      const isFile = (mode: string) => mode === '000000' || mode.startsWith('100');
      if (isFile(before) && isFile(after)) found.push({ path, inFrom: before !== '000000', inTo: after !== '000000' });
    }
    return found;
  }

  /** The bytes of a file of a checkpoint as the working tree has them: filters and line ends applied. */
  contentOf({ commit }: Checkpoint, path: string): Promise<Buffer> {
    return gitBytes(this.#workspace, ['cat-file', '--filters', `${commit}:./${path}`]);
  }

  async #ids(runId: string): Promise<number[]> {
    const refs = await this.#git(['for-each-ref', '--format=%(refname)', prefixOf(runId)]);
    return refs
      .split('\n')
      .filter(Boolean)
      .map((ref) => Number(ref.slice(prefixOf(runId).length)));
  }

  /** The workspace as it is on disk, and the rest of the repository as it is in the index, as a tree. */
  async #tree(): Promise<string> {
    const index = await this.#index();
    const env = { GIT_INDEX_FILE: index };
    try {
      // A refresh finds files that were touched and are the same.
      await this.#git(['update-index', '-q', '--refresh'], { env }).catch(() => {});
      const changed = zeroSeparated(
        await this.#git(['diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=dirty'], { env }),
      );
      const untracked = zeroSeparated(await this.#git(['ls-files', '-z', '--others', '--exclude-standard'], { env }));
      const paths = [...new Set([...changed, ...(await this.#ordinary(untracked))])].filter((path) => !isDenied(path));
      if (paths.length > 0) {
        const input = paths.map((path) => `${path}\0`).join('');
        await this.#git(['update-index', '--add', '--remove', '-z', '--stdin'], { env, input });
      }
      await this.#settleUnmerged(env);
      return (await this.#git(['write-tree'], { env })).trim();
    } catch (error) {
      this.#last = undefined;
      await rm(index, { force: true });
      throw storage(error);
    }
  }

  /** Conflicts outside the workspace, or in denied files, stay undecided: the tree takes the developer's side. */
  async #settleUnmerged(env: Readonly<Record<string, string>>): Promise<void> {
    const { top } = (await repositoryOf(this.#workspace)) ?? { top: this.#workspace };
    const unmerged = zeroSeparated(await git(top, ['ls-files', '-z', '--unmerged'], { env }));
    if (unmerged.length === 0) return;
    const removals = new Set<string>();
    const ours: string[] = [];
    for (const entry of unmerged) {
      const [about = '', path = ''] = entry.split('\t');
      const [mode = '', object = '', stage] = about.split(' ');
      removals.add(`0 ${none(object)}\t${path}\0`);
      if (stage === '2') ours.push(`${mode} ${object} 0\t${path}\0`);
    }
    const input = [...removals, ...ours].join('');
    await git(top, [...wholeIndex, 'update-index', '-z', '--index-info'], { env, input });
  }

  /** Of untracked entries the files of moderate size; a repository inside this one is not looked into. */
  async #ordinary(paths: readonly string[]): Promise<string[]> {
    const kept: string[] = [];
    for (const path of paths) {
      if (path.endsWith('/')) continue;
      const info = await stat(join(this.#workspace, path)).catch(() => null);
      if (info === null || info.size <= MAX_UNTRACKED) kept.push(path);
    }
    return kept;
  }

  /**
   * A copy of the developer's index: what is unchanged need not be read again, and what is sparse stays out. The copy
   * of before is used again while the original stays the same.
   */
  async #index(): Promise<string> {
    const named = (await this.#git(['rev-parse', '--git-path', 'index'])).replace(/\n$/, '');
    const original = resolve(this.#workspace, named);
    const info = await stat(original).catch(() => null);
    const stamp = info ? `${info.ino} ${info.size} ${info.mtimeMs} ${info.ctimeMs}` : 'none';
    const last = this.#last;
    if (last?.stamp === stamp && (await stat(last.index).catch(() => null))) return last.index;
    if (last) await rm(last.index, { force: true });
    await mkdir(this.#temp, { recursive: true });
    const index = join(this.#temp, `index-${randomUUID()}`);
    if (info) {
      await copyFile(original, index);
      // Git tells by this time which entries may have changed unnoticed: earlier is safe, later is not.
      const seconds = Math.floor(info.mtimeMs / 1000);
      await utimes(index, seconds, seconds);
    }
    this.#last = { stamp, index };
    return index;
  }

  #git(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return git(this.#workspace, [...wholeIndex, ...args], options);
  }

  /** Removes the index of its own. */
  async dispose(): Promise<void> {
    await this.#queue.catch(() => {});
    if (this.#last) await rm(this.#last.index, { force: true });
    this.#last = undefined;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

function storage(error: unknown): PlanwrightError {
  const said = (error as { stderr?: Buffer }).stderr?.toString().trim();
  const why = said?.split('\n').at(-1) || (error instanceof Error ? error.message : String(error));
  return new PlanwrightError('STORAGE', `No checkpoint could be made: ${why}`, {
    hint: 'The run goes on without it.',
    cause: error,
  });
}
