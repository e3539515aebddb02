import type { TaskReport } from '../agents/drafts.ts';
import { evidencePrompt } from '../agents/mendingPrompts.ts';
import { type Conversation, fatalCodes } from '../agents/structured.ts';
import type { DoneEvidence } from '../engine/events.ts';
import { asPlanwrightError } from '../errors.ts';
import type { Task } from '../schemas.ts';

/** The report, asked for once more when it says nothing of a line of the task's `doneWhen`. */
export async function completeEvidence(
  conversation: Conversation<TaskReport>,
  task: Task,
  report: TaskReport,
): Promise<TaskReport> {
  const missing = withoutEvidence(task, report);
  if (missing.length === 0) return report;
  try {
    const again = await conversation.say(evidencePrompt(missing));
    return { ...again, evidence: [...again.evidence, ...report.evidence] };
  } catch (error) {
    // The work is done; that nothing was said for a line is seen beside it.
    if (fatalCodes.includes(asPlanwrightError(error).code)) throw error;
    return report;
  }
}

/** The lines of `doneWhen` that the report says nothing of; all of them where there is no report. */
export function withoutEvidence(task: Pick<Task, 'doneWhen'>, report: TaskReport | undefined): string[] {
  const told = report ? evidenceFor(task, report) : [];
  return task.doneWhen.filter((line) => !told.some(({ doneWhen }) => doneWhen === line));
}

/** The evidence for each line of `doneWhen`, as the task has the lines; lines without any are left out. */
export function evidenceFor(
  { doneWhen }: Pick<Task, 'doneWhen'>,
  { evidence }: Pick<TaskReport, 'evidence'>,
): DoneEvidence[] {
  return doneWhen.flatMap((line) => {
    const found = evidence.find((one) => one.how.trim() !== '' && isAbout(one.doneWhen, line));
    return found ? [{ doneWhen: line, how: found.how.trim() }] : [];
  });
}

/** Models drop a full stop, change a quotation mark, or add the line's number. */
function isAbout(quoted: string, line: string): boolean {
  const [a, b] = [plain(quoted), plain(line)];
  return a === b || (a.length > 12 && (a.includes(b) || b.includes(a)));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
