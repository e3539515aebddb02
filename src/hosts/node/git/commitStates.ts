import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PlanwrightError } from '../../../workflow/errors.ts';
import { git, gitAsDeveloper, gitOrNull, zeroSeparated } from '../checks/git.ts';
import { TookTooLong } from './asDeveloper.ts';

/** What Git leaves in its folder while it is in the middle of something, by name. */
const underWay: readonly (readonly [file: string, what: string])[] = [
  ['rebase-merge', 'A rebase'],
  ['rebase-apply', 'A rebase, or “git am”,'],
  ['MERGE_HEAD', 'A merge'],
  ['CHERRY_PICK_HEAD', 'A cherry-pick'],
  ['REVERT_HEAD', 'A revert'],
  ['BISECT_LOG', 'A bisection'],
];

/** Why a commit here would fail, or end up where the developer does not look for it; null when nothing speaks against it. */
export async function refusal(workspace: string): Promise<PlanwrightError | null> {
  const folder = (await git(workspace, ['rev-parse', '--absolute-git-dir'])).trim();
  const busy = underWay.find(([file]) => existsSync(join(folder, file)));
  if (busy) return told(`${busy[1]} is under way.`, 'End it or call it off, then commit the files yourself.');
  const unmerged = zeroSeparated(await git(workspace, ['diff', '-z', '--name-only', '--diff-filter=U']));
  if (unmerged.length > 0) {
    return told(`${unmerged[0]} is in conflict.`, 'Resolve it, then commit the files yourself.');
  }
  if ((await gitOrNull(workspace, ['symbolic-ref', '--quiet', 'HEAD'])) === null) {
    return told('HEAD is detached: no branch would have the commit.', 'Switch to a branch, then commit them yourself.');
  }
  for (const who of ['GIT_AUTHOR_IDENT', 'GIT_COMMITTER_IDENT']) {
    const known = await gitAsDeveloper(workspace, ['var', who]).catch(() => null);
    if (known !== null) continue;
    return told(
      'Git does not know who you are.',
      'Tell it with “git config user.name” and “git config user.email”, then commit the files yourself.',
    );
  }
  return null;
}

/**
 * What Git or a hook said when it refused: the end of it, which tells most.
 * @param minutes how long it may take
 */
export function refusedBy(error: unknown, minutes: number): PlanwrightError {
  if (error instanceof TookTooLong) {
    return told(
      `It took longer than ${minutes} minutes and was stopped: a hook that does not end, or one that asks something.`,
      'See what your hooks wait for, then commit the files yourself.',
    );
  }
  const { stderr, stdout } = error as { stderr?: Buffer; stdout?: Buffer };
  const said = [stdout, stderr].flatMap((stream) => stream?.toString().trim() || []).join('\n');
  if (isLocked(error)) {
    return told(
      `Another Git command is at work, or has left its index.lock: ${said}`,
      'Wait until it ends, or remove the lock when there is none; then commit the files yourself.',
    );
  }
  const why = said || (error instanceof Error ? error.message : String(error));
  return told(why.length > LONGEST ? `…${why.slice(-LONGEST)}` : why, 'See to it, then commit the files yourself.');
}

/** Did another Git command have the index? */
export function isLocked(error: unknown): boolean {
  return /index\.lock/.test((error as { stderr?: Buffer }).stderr?.toString() ?? '');
}

const LONGEST = 1000;

function told(why: string, next: string): PlanwrightError {
  return new PlanwrightError('CONFLICT', why, {
    hint: `Nothing is lost: they are on disk as you accepted them. ${next}`,
  });
}
