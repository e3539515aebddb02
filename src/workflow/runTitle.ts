import type { RunView } from './runState.ts';

/** In characters; the rest of a longer request is cut. */
const LONGEST = 120;

/** What the panel calls a run: by its plan, and until there is one by its request. */
export function runTitle({ plan, input }: Pick<RunView, 'plan' | 'input'>): string {
  return headline(plan?.title ?? input.request) || 'Planwright';
}

/** The first line of the text, cut at a word. */
function headline(text: string): string {
  const first = text.trim().split('\n', 1)[0] ?? '';
  if (first.length <= LONGEST) return first;
  return `${first.slice(0, LONGEST).replace(/\s+\S*$/, '')} …`;
}
