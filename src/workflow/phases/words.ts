import { z } from 'zod';
import type { Decision } from '../engine/events.ts';

const commentsSchema = z.array(z.object({ taskId: z.string(), text: z.string() }));

/** What a developer said on one task of a plan; a decision carries them in `data.comments` as JSON. */
export type TaskComment = z.infer<typeof commentsSchema>[number];

/** All that a developer said with a decision: the note, and a line a comment. Undefined when it was nothing. */
export function wordsOf({ note, data }: Decision): string | undefined {
  const comments = commentsSchema.catch([]).parse(JSON.parse(data?.comments ?? '[]'));
  const lines = [note, ...comments.map(({ taskId, text }) => `On ${taskId}: ${text}`)];
  return lines.filter(Boolean).join('\n') || undefined;
}
