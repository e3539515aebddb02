import { z } from 'zod';
import type { FailedTry } from '../agents/prompts.ts';
import type { Run } from '../engine/run.ts';
import type { ErrorInfo } from '../errors.ts';
import { say } from '../words/say.ts';
import type { WorkflowPorts } from './context.ts';
import { withoutEvidence } from './evidence.ts';
import type { TaskTry, TaskWork } from './task.ts';

const failedTrySchema: z.ZodType<FailedTry> = z.object({
  error: z.object({ message: z.string(), hint: z.string().optional() }).nullable(),
  lacking: z.array(z.string()),
  failures: z.array(z.object({ name: z.string(), reason: z.string(), output: z.string() })),
});

/** Who takes back what a task has proposed that failed. */
const ENGINE = 'planwright';

/**
 * After a try of a task that came to nothing: takes back what it has proposed already, so that no later try meets it,
 * and keeps what the next one is to know.
 */
export function whatIsLeft(
  run: Run,
  { task, checks }: TaskWork,
  { error, notes }: { error: ErrorInfo | null } & Pick<TaskTry, 'notes'>,
  { proposals }: WorkflowPorts,
): Promise<FailedTry> {
  return run.step('left', failedTrySchema, async () => {
    const because = error ? say`${task.id} failed: ${error.message}` : say`${task.id} was called off.`;
    await proposals.withdraw(run.id, run.attempt, task.id, ENGINE, because);
    return {
      error: error && { message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
      // Before there is a report nothing was to be shown yet.
      lacking: notes.report ? withoutEvidence(task, notes.report) : [],
      failures: checks.failuresOf(task.id).map(({ name, reason, output }) => ({ name, reason, output })),
    };
  });
}
