import type { ErrorCode, PlanwrightError } from '../../workflow/errors.ts';

/** What the process answers with. */
export const exitCodes = { completed: 0, failed: 1, wrongUse: 2, waiting: 3, cancelled: 130 } as const;

/** Faults of what was asked for, found before anything was begun. */
const wrongUse: readonly ErrorCode[] = ['INVALID_INPUT', 'NO_MODEL', 'NO_KEY', 'NO_FOLDER', 'NOT_FOUND'];

export function exitCodeOf({ code }: PlanwrightError): number {
  if (code === 'CANCELLED') return exitCodes.cancelled;
  return wrongUse.includes(code) ? exitCodes.wrongUse : exitCodes.failed;
}
