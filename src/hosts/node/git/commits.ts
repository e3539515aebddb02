import { setTimeout as delay } from 'node:timers/promises';
import { PlanwrightError } from '../../../workflow/errors.ts';
import type { Commits } from '../../../workflow/ports.ts';
import { type GitOptions, git, gitAsDeveloper, gitOrNull, repositoryOf, zeroSeparated } from '../checks/git.ts';
import { isLocked, refusal, refusedBy } from './commitStates.ts';

/** Paths are taken as they are: no name is a pattern. */
const literally = { GIT_LITERAL_PATHSPECS: '1' };

/** An editor looks at the repository whenever a file changes, and holds the index while it does; in milliseconds. */
const LOCK_WAITS = [100, 300, 600, 1000, 2000];

/**
 * Commits on the developer's branch, made as they would: hooks run, signatures are made, and what refuses is told. Never
 * pushes.
 */
export class GitCommits implements Commits {
  readonly #workspace: string;
  readonly #begins: (branch: string, runId: string) => void;
  readonly #wait: (ms: number) => Promise<unknown>;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * @param workspace absolute
   * @param begins hears of each branch before there is one: whoever sees it then finds whose it is
   * @param wait resolves after so many milliseconds
   */
  constructor(
    workspace: string,
    begins: (branch: string, runId: string) => void,
    wait: (ms: number) => Promise<unknown> = delay,
  ) {
    this.#workspace = workspace;
    this.#begins = begins;
    this.#wait = wait;
  }

  /** @throws PlanwrightError CONFLICT when Git or a hook refuses; what is staged is as it was then */
  commit(paths: readonly string[], message: string): Promise<string | null> {
    return this.#inTurn(async () => {
      if ((await repositoryOf(this.#workspace)) === null) return null;
      const what = 'The accepted edits of this task were not committed.';
      const against = await refusal(this.#workspace);
      if (against) throw because(what, against);
      let added: string[] = [];
      try {
        const changed = await this.#changed(paths);
        if (changed.length === 0) return null;
        added = changed.filter(({ isNew }) => isNew).map(({ path }) => path);
        if (added.length > 0) await this.#patiently(['add', '--intent-to-add', '--', ...added]);
        const all = changed.map(({ path }) => path);
        await this.#patiently(['commit', '--quiet', '--only', '--file=-', '--', ...all], message);
        await this.#unstageFormatting(all).catch(() => {}); // The commit is made; this is for tidiness.
        return (await git(this.#workspace, ['rev-parse', 'HEAD'])).trim();
      } catch (error) {
        if (added.length > 0) {
          await this.#git(['rm', '--cached', '--quiet', '--force', '--', ...added]).catch(() => {});
        }
        throw because(what, refusedBy(error));
      }
    });
  }

  /** @throws PlanwrightError CONFLICT when there is such a branch, or Git refuses */
  startBranch(name: string, runId: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if ((await repositoryOf(this.#workspace)) === null) return false;
      if ((await gitOrNull(this.#workspace, ['check-ref-format', '--branch', name])) === null) {
        throw new PlanwrightError('CONFLICT', `“${name}” is no name for a branch.`, {
          hint: 'The run goes on where you are.',
        });
      }
      // A run that was killed right after it began the branch begins it again.
      const current = await gitOrNull(this.#workspace, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
      if (current?.trim() === name) return true;
      const isThere = (await gitOrNull(this.#workspace, ['show-ref', '--verify', `refs/heads/${name}`])) !== null;
      try {
        if (!isThere) this.#begins(name, runId);
        await this.#patiently(['switch', '--quiet', '--create', name]);
        return true;
      } catch (error) {
        throw new PlanwrightError('CONFLICT', `The branch ${name} was not begun. ${refusedBy(error).message}`, {
          hint: 'The run goes on where you are.',
          cause: error,
        });
      }
    });
  }

  /** A hook that formats and adds does so in the commit alone: Git leaves what was there before it as if staged. */
  async #unstageFormatting(paths: readonly string[]): Promise<void> {
    const staged = await this.#git(['diff', '--cached', '--name-only', '--', ...paths]);
    if (staged !== '') await this.#git(['reset', '--quiet', '--', ...paths]);
  }

  /** What differs of these paths from the last commit, as paths of the workspace. */
  async #changed(paths: readonly string[]): Promise<{ path: string; isNew: boolean }[]> {
    const about = ['-z', '--untracked-files=all', '--no-renames', '--porcelain', '--', ...paths];
    const entries = zeroSeparated(await this.#git(['status', ...about]));
    const prefix = (await git(this.#workspace, ['rev-parse', '--show-prefix'])).replace(/\n$/, '');
    // Git names them from the top of the repository.
    return entries.map((entry) => ({ path: entry.slice(3 + prefix.length), isNew: entry.startsWith('??') }));
  }

  /** As the developer, and again for a while when another Git command has the index. */
  async #patiently(args: readonly string[], input = ''): Promise<void> {
    const options: GitOptions = { input, env: literally };
    for (const wait of LOCK_WAITS) {
      try {
        await gitAsDeveloper(this.#workspace, args, options);
        return;
      } catch (error) {
        if (!isLocked(error)) throw error;
        await this.#wait(wait);
      }
    }
    await gitAsDeveloper(this.#workspace, args, options);
  }

  #git(args: readonly string[]): Promise<string> {
    return git(this.#workspace, args, { env: literally });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

function because(what: string, { code, message, hint, cause }: PlanwrightError): PlanwrightError {
  return new PlanwrightError(code, `${what} ${message}`, { ...(hint === undefined ? {} : { hint }), cause });
}
