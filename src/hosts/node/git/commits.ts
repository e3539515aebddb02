import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, PlanwrightError } from '../../../workflow/errors.ts';
import type { Commits } from '../../../workflow/ports.ts';
import { git, gitOrNull, repositoryOf, zeroSeparated } from '../checks/git.ts';
import { type AsDeveloperOptions, runAsDeveloper } from './asDeveloper.ts';
import { isLocked, refusal, refusedBy } from './commitStates.ts';

/** Paths are taken as they are: no name is a pattern. */
const literally = { GIT_LITERAL_PATHSPECS: '1' };

/** An editor looks at the repository whenever a file changes, and holds the index while it does; in milliseconds. */
const LOCK_WAITS = [100, 300, 600, 1000, 2000];

/** Hooks may run all tests, but not for ever: as long as a check may take, in minutes. */
const LIMIT_MINUTES = 10;

/**
 * Commits on the developer's branch, made as they would: hooks run, signatures are made, and what refuses is told. Never
 * pushes.
 */
export class GitCommits implements Commits {
  readonly #workspace: string;
  readonly #begins: (branch: string, runId: string) => void;
  readonly #wait: (ms: number) => Promise<unknown>;
  readonly #limit: AsDeveloperOptions['limit'];
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * @param workspace absolute
   * @param begins hears of each branch before there is one: whoever sees it then finds whose it is
   * @param wait resolves after so many milliseconds
   * @param limit resolves when a command has taken {@link LIMIT_MINUTES}
   */
  constructor(
    workspace: string,
    begins: (branch: string, runId: string) => void,
    wait: (ms: number) => Promise<unknown> = delay,
    limit: AsDeveloperOptions['limit'] = (signal) => delay(LIMIT_MINUTES * 60_000, undefined, { signal }),
  ) {
    this.#workspace = workspace;
    this.#begins = begins;
    this.#wait = wait;
    this.#limit = limit;
  }

  /**
   * @throws PlanwrightError CONFLICT when Git or a hook refuses, or a hook does not end | CANCELLED; what is staged is as
   *   it was then
   */
  commit(paths: readonly string[], message: string, signal: AbortSignal): Promise<string | null> {
    return this.#inTurn(signal, async () => {
      if ((await repositoryOf(this.#workspace)) === null) return null;
      const what = 'The accepted edits of this task were not committed.';
      const against = await refusal(this.#workspace);
      if (against) throw because(what, against);
      const before = await this.#head();
      let added: string[] = [];
      try {
        const changed = await this.#changed(paths);
        if (changed.length === 0) return null;
        added = changed.filter(({ isNew }) => isNew).map(({ path }) => path);
        if (added.length > 0) await this.#patiently(signal, ['add', '--intent-to-add', '--', ...added]);
        const all = changed.map(({ path }) => path);
        await this.#patiently(signal, ['commit', '--quiet', '--only', '--file=-', '--', ...all], message);
        await this.#unstageFormatting(all).catch(() => {}); // The commit is made; this is for tidiness.
        return await this.#head();
      } catch (error) {
        // It had the index to itself: if there is a commit more it is this one, and what was stopped a hook behind it.
        const head = await this.#head();
        if (head !== null && head !== before) return head;
        if (added.length > 0) {
          await this.#git(['rm', '--cached', '--quiet', '--force', '--', ...added]).catch(() => {});
        }
        if (signal.aborted) throw cancelled();
        throw because(what, refusedBy(error, LIMIT_MINUTES));
      }
    });
  }

  /** @throws PlanwrightError CONFLICT when there is such a branch, Git refuses, or a hook does not end | CANCELLED */
  startBranch(name: string, runId: string, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(signal, async () => {
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
        await this.#patiently(signal, ['switch', '--quiet', '--create', name]);
        return true;
      } catch (error) {
        if (signal.aborted) throw cancelled();
        const { message } = refusedBy(error, LIMIT_MINUTES);
        throw new PlanwrightError('CONFLICT', `The branch ${name} was not begun. ${message}`, {
          hint: 'The run goes on where you are.',
          cause: error,
        });
      }
    });
  }

  /** Null before the first commit. */
  async #head(): Promise<string | null> {
    return (await gitOrNull(this.#workspace, ['rev-parse', '--verify', '--quiet', 'HEAD']))?.trim() ?? null;
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
  async #patiently(signal: AbortSignal, args: readonly string[], input = ''): Promise<void> {
    const limit = this.#limit;
    const once = () => runAsDeveloper(this.#workspace, args, { env: literally, input, signal, limit });
    for (const wait of LOCK_WAITS) {
      try {
        return await once();
      } catch (error) {
        if (!isLocked(error)) throw error;
        await this.#wait(wait);
      }
    }
    await once();
  }

  #git(args: readonly string[]): Promise<string> {
    return git(this.#workspace, args, { env: literally });
  }

  #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(() => {
      if (signal.aborted) throw cancelled();
      return work();
    });
    this.#queue = result.catch(() => {});
    return result;
  }
}

function because(what: string, { code, message, hint, cause }: PlanwrightError): PlanwrightError {
  return new PlanwrightError(code, `${what} ${message}`, { ...(hint === undefined ? {} : { hint }), cause });
}
