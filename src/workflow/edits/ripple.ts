import type { Decision } from '../engine/events.ts';
import { say } from '../words/say.ts';
import type { ReviewState } from './reviewState.ts';

/** How often an agent makes a proposal anew by itself; after that its conflicts are the developer's to end. */
export const MAX_RIPPLES = 2;

/** Who sends a proposal back when no person does. */
export const RIPPLE = 'ripple';

/** Stands as the feedback on what was made anew. */
export const MADE_ANEW = say`Made anew: what it was built on was decided otherwise.`;

/** Sends a proposal back to its agent: what it was built on was decided otherwise. */
export function makeAnew({ conflicts }: ReviewState, decided: ReviewState): Decision {
  const lost = conflicts.map(({ proposed, current }) => `You proposed:\n${proposed}\nThe file now has:\n${current}`);
  const note = `The developer decided otherwise about the edits of ${decided.taskId} to ${decided.path}, which yours were built on. Make yours anew on the file as it is now, without what was rejected; leave out what makes no sense any more.\n${lost.join('\n')}`;
  return { choice: 'change', note, data: { hunkId: conflicts[0]?.hunkId ?? '' }, by: RIPPLE };
}
