import type { RunView } from './runState.ts';

/** What a run is called where one line is all there is for it: by its plan, and until there is one by its request. */
export function runTitle({ plan, input }: Pick<RunView, 'plan' | 'input'>): string {
  return headline(plan?.title ?? input.request) || 'Planwright';
}

/** The first line of the text, cut at a word. */
function headline(text: string, longest = 120): string {
  const first = text.trim().split('\n', 1)[0] ?? '';
  if (first.length <= longest) return first;
  return `${first.slice(0, longest).replace(/\s+\S*$/, '')} …`;
}
