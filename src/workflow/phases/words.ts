import { z } from 'zod';
import type { Decision } from '../engine/events.ts';

const commentsSchema = z.array(z.object({ taskId: z.string(), text: z.string() }));

/** What a developer said on one task of a plan; a decision carries them in `data.comments` as JSON. */
export type TaskComment = z.infer<typeof commentsSchema>[number];

/** All that a developer said with a decision: the note, and a line a comment. Undefined when it was nothing. */
export function wordsOf({ note, data }: Pick<Decision, 'note' | 'data'>): string | undefined {
  const lines = [note?.trim(), ...commentsIn(data?.comments).map(({ taskId, text }) => `On ${taskId}: ${text.trim()}`)];
  return lines.filter(Boolean).join('\n') || undefined;
}

/** None where the text is not what it should be: a comment that cannot be read must not stop a run. */
function commentsIn(text: string | undefined): TaskComment[] {
  try {
    return commentsSchema.parse(JSON.parse(text ?? '[]'));
  } catch {
    return [];
  }
}
