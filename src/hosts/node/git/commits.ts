import { PlanwrightError } from '../../../workflow/errors.ts';
import type { Commits } from '../../../workflow/ports.ts';
import { git, gitAsDeveloper, gitOrNull, repositoryOf, zeroSeparated } from '../checks/git.ts';

/** Paths are taken as they are: no name is a pattern. */
const literally = { GIT_LITERAL_PATHSPECS: '1' };

/**
 * Commits on the developer's branch, made as they would: hooks run, signatures are made, and what refuses is told. Never
 * pushes.
 */
export class GitCommits implements Commits {
  readonly #workspace: string;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param workspace absolute */
  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** @throws PlanwrightError CONFLICT when Git or a hook refuses; what is staged is as it was then */
  commit(paths: readonly string[], message: string): Promise<string | null> {
    return this.#inTurn(async () => {
      if ((await repositoryOf(this.#workspace)) === null) return null;
      const about = ['-z', '--untracked-files=all', '--no-renames', '--porcelain', '--', ...paths];
      const entries = zeroSeparated(await this.#git(['status', ...about]));
      if (entries.length === 0) return null;
      const added = entries.filter((entry) => entry.startsWith('??')).map((entry) => entry.slice(3));
      const changed = entries.map((entry) => entry.slice(3));
      const prefix = (await git(this.#workspace, ['rev-parse', '--show-prefix'])).trim();
      const own = (path: string) => path.slice(prefix.length); // Git names them from the top of the repository.
      try {
        if (added.length > 0) await this.#git(['add', '--intent-to-add', '--', ...added.map(own)]);
        const args = ['commit', '--quiet', '--only', '--file=-', '--', ...changed.map(own)];
        await gitAsDeveloper(this.#workspace, args, { input: message, env: literally });
        return (await git(this.#workspace, ['rev-parse', 'HEAD'])).trim();
      } catch (error) {
        if (added.length > 0) {
          await this.#git(['rm', '--cached', '--quiet', '--force', '--', ...added.map(own)]).catch(() => {});
        }
        throw refused('The accepted edits of this task were not committed', error);
      }
    });
  }

  /** @throws PlanwrightError CONFLICT when there is such a branch, or Git refuses */
  startBranch(name: string): Promise<boolean> {
    return this.#inTurn(async () => {
      if ((await repositoryOf(this.#workspace)) === null) return false;
      if ((await gitOrNull(this.#workspace, ['check-ref-format', '--branch', name])) === null) {
        throw new PlanwrightError('CONFLICT', `“${name}” is no name for a branch.`, {
          hint: 'Change planwright.git.branch. The run goes on where you are.',
        });
      }
      try {
        await gitAsDeveloper(this.#workspace, ['switch', '--quiet', '--create', name]);
        return true;
      } catch (error) {
        throw refused(`The branch ${name} was not begun`, error);
      }
    });
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

function refused(what: string, error: unknown): PlanwrightError {
  const { stderr, stdout } = error as { stderr?: Buffer; stdout?: Buffer };
  const said = [stderr, stdout].map((stream) => stream?.toString().trim()).find(Boolean);
  const why = said ?? (error instanceof Error ? error.message : String(error));
  return new PlanwrightError('CONFLICT', `${what}: ${why.slice(0, 1000)}`, {
    hint: 'Nothing is lost: the files are as you accepted them.',
    cause: error,
  });
}
