import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, copyFile, lstat, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { isDenied } from '../../../workflow/guards.ts';
import type { Checkpoint, Checkpoints } from '../../../workflow/ports.ts';
import { say } from '../../../workflow/words/say.ts';
import {
  type GitOptions,
  git,
  gitBytes,
  gitOrNull,
  repositoryOf,
  textOfBytes,
  zeroSeparatedBytes,
} from '../checks/git.ts';

/** Where the commits of a run are: no branch, so that nothing of the developer's shows or pushes them. */
const prefixOf = (runId: string) => `refs/planwright/${runId}/`;

/** Untracked files over this many bytes are left out: they would stay in the repository for good. */
const MAX_UNTRACKED = 10 * 1024 * 1024;
/** The object that is none, as long as the id of another. */
const none = (id: string) => '0'.repeat(id.length);

/** An index of its own leaves no shared part in the developer's repository, and warns of no line end. */
export const wholeIndex = ['-c', 'core.splitIndex=false', '-c', 'core.safecrlf=false'];

/** Scratch files that are this old, in milliseconds, were left by a process that was killed. */
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;

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
  #swept = false;

  constructor({ workspace, temp }: GitCheckpointsOptions) {
    this.#workspace = workspace;
    this.#temp = temp;
  }

  async unavailable(): Promise<string | null> {
    if ((await gitOrNull(this.#workspace, ['--version'])) === null) return say`Git was not found on this machine.`;
    if ((await repositoryOf(this.#workspace)) !== null) return null;
    const said = await git(this.#workspace, ['rev-parse', '--show-toplevel']).then(() => '', saidBy);
    // Git's own words where there is a repository that it does not open, such as one of another user.
    return said === '' || said.includes('not a git repository') || said.includes('must be run in a work tree')
      ? say`This folder is not in a Git repository.`
      : say`Git does not open this repository: ${said}`;
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
      const { gone, changed } = await this.#changes(env);
      await this.#update(['--force-remove'], gone, env); // First: a folder makes room for a file, or for a link.
      const untracked = await this.#names(['ls-files', '-z', '--others', '--exclude-standard'], env);
      const added = await this.#readable([...changed, ...(await this.#ordinary(untracked))]);
      await this.#update(['--add', '--remove'], added, env);
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
    const unmerged = zeroSeparatedBytes(await gitBytes(top, ['ls-files', '-z', '--unmerged'], { env }));
    if (unmerged.length === 0) return;
    const removals = new Set<string>();
    const ours: string[] = [];
    for (const entry of unmerged) {
      const [about = '', path = ''] = entry.split('\t');
      const [mode = '', object = '', stage] = about.split(' ');
      removals.add(`0 ${none(object)}\t${path}\0`);
      if (stage === '2') ours.push(`${mode} ${object} 0\t${path}\0`);
    }
    const input = Buffer.from([...removals, ...ours].join(''), 'latin1');
    await git(top, [...wholeIndex, 'update-index', '-z', '--index-info'], { env, input });
  }

  /** Of untracked entries the files of moderate size; a repository inside this one is not looked into. */
  async #ordinary(names: readonly string[]): Promise<string[]> {
    const kept: string[] = [];
    for (const name of names) {
      if (name.endsWith('/')) continue;
      const info = await lstat(this.#onDisk(name)).catch(() => null);
      if (info === null || info.size <= MAX_UNTRACKED) kept.push(name);
    }
    return kept;
  }

  /** Git would end at the first file that it cannot read: such a one is held as the index has it, or not at all. */
  async #readable(names: readonly string[]): Promise<string[]> {
    const kept: string[] = [];
    for (const name of names) {
      const file = this.#onDisk(name);
      const info = await lstat(file).catch(() => null);
      const isOdd = info !== null && !info.isFile() && !info.isSymbolicLink() && !info.isDirectory();
      const isClosed =
        info?.isFile() &&
        (await access(file, constants.R_OK).then(
          () => false,
          () => true,
        ));
      if (!isOdd && !isClosed) kept.push(name);
    }
    return kept;
  }

  #onDisk(name: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.#workspace}/`), Buffer.from(name, 'latin1')]);
  }

  /** What is not as in the index. */
  async #changes(env: Readonly<Record<string, string>>): Promise<{ gone: string[]; changed: string[] }> {
    const args = ['diff-files', '-z', '--name-status', '--relative', '--ignore-submodules=dirty'];
    const parts = await this.#names(args, env);
    const [gone, changed] = [new Set<string>(), new Set<string>()];
    for (let at = 0; at + 1 < parts.length; at += 2) (parts[at] === 'D' ? gone : changed).add(parts[at + 1] ?? '');
    // What is in conflict has a line of its own for that.
    return { gone: [...gone].filter((name) => !changed.has(name)), changed: [...changed] };
  }

  async #update(
    how: readonly string[],
    names: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const kept = [...new Set(names)].filter((name) => !isDenied(textOfBytes(name) ?? name));
    if (kept.length === 0) return;
    const input = Buffer.from(kept.map((name) => `${name}\0`).join(''), 'latin1');
    await this.#git(['update-index', ...how, '-z', '--stdin'], { env, input });
  }

  /** The names that Git answers with, one character a byte. */
  async #names(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string[]> {
    return zeroSeparatedBytes(await gitBytes(this.#workspace, [...wholeIndex, ...args], { env }));
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
    await this.#sweep();
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

  /** Removes what a process has left that was killed in the middle of a checkpoint. */
  async #sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    for (const name of await readdir(this.#temp)) {
      const info = await stat(join(this.#temp, name)).catch(() => null);
      if (info && Date.now() - info.ctimeMs > LEFT_BEHIND_MS)
        await rm(join(this.#temp, name), { recursive: true, force: true });
    }
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
  return new PlanwrightError('STORAGE', `No checkpoint could be made: ${saidBy(error)}`, {
    hint: 'The run goes on without it.',
    cause: error,
  });
}

/** What Git says is wrong; where it says nothing, what went wrong with running it. */
export function saidBy(error: unknown): string {
  const lines = (error as { stderr?: Buffer }).stderr?.toString().trim().split('\n') ?? [];
  // The first: what comes after says only what it led to.
  const wrong = lines.find((line) => /^(error|fatal): /.test(line))?.replace(/^\w+: /, '');
  return wrong || lines.at(-1) || (error instanceof Error ? error.message : String(error));
}
