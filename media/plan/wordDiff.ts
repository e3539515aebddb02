import { changedLines } from '../../src/workflow/edits/lineDiff.ts';

/** A stretch of text that both versions have, or only one of them. */
export interface TextPart {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** How one text became another, word by word; joined without the removed parts it is `after`, without the added `before`. */
export function diffWords(before: string, after: string): readonly TextPart[] {
  return diffPieces(pieces(before), pieces(after));
}

/** The same for a list, item by item: an item is kept, gone or new as a whole. */
export function diffPieces(before: readonly string[], after: readonly string[]): readonly TextPart[] {
  const marks = changedLines(before, after);
  const parts: { kind: TextPart['kind']; items: string[] }[] = [];
  const put = (kind: TextPart['kind'], item: string) => {
    const last = parts.at(-1);
    if (last?.kind === kind) last.items.push(item);
    else parts.push({ kind, items: [item] });
  };
  let at = 0;
  for (const [index, item] of before.entries()) {
    if (marks.removed[index] === 1) {
      put('removed', item);
      continue;
    }
    for (; marks.added[at] === 1; at++) put('added', after[at] ?? '');
    put('same', item);
    at += 1;
  }
  for (; at < after.length; at++) put('added', after[at] ?? '');
  return parts.map(({ kind, items }) => ({ kind, text: items.join('') }));
}

/** Words with the space before them, so that a change is a word and not a letter. */
function pieces(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+/g) ?? [];
}
