import type { RunRecord } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';

/** A place in the list of runs, newest first: behind this run, which may be deleted by the time it is used. */
export function cursorAfter({ id, createdAt }: RunRecord): string {
  return Buffer.from(`${createdAt}.${id}`).toString('base64url');
}

/** The runs behind the cursor. @throws PlanwrightError INVALID_INPUT for what is no cursor of ours */
export function runsAfter(runs: readonly RunRecord[], cursor: string): readonly RunRecord[] {
  const [, time, id] = /^(\d+)\.(.+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) {
    throw new PlanwrightError('INVALID_INPUT', 'The cursor is not one that a page of this list gave.', {
      hint: 'Leave it out to begin with the newest run.',
    });
  }
  const at = runs.findIndex((run) => run.id === id);
  const first = at === -1 ? runs.findIndex(({ createdAt }) => createdAt < Number(time)) : at + 1;
  return first === -1 ? [] : runs.slice(first);
}
