import type { z } from 'zod';
import { PlanwrightError } from '../errors.ts';
import { firstIssue } from '../words/issues.ts';
import { say } from '../words/say.ts';

/**
 * Why a request cannot start a run.
 * @param about `whole` names the value itself, for an issue about all of it; `hint` says what to do
 */
export function unusableInput(
  error: z.ZodError,
  { whole, hint }: { readonly whole: string; readonly hint: string },
): PlanwrightError {
  const { where, what } = firstIssue(error, whole);
  return new PlanwrightError('INVALID_INPUT', say`What was asked for cannot be used: ${where}: ${what}.`, { hint });
}
