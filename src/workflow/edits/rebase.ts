import { diff3Merge } from 'node-diff3';
import { splitLines } from './lines.ts';

export interface Rebased {
  readonly text: string;
  /** Regions both sides changed differently; the text has `onto`'s side there. */
  readonly conflicts: readonly { readonly onto: string; readonly proposed: string }[];
}

/** Three-way merge by lines: what `text` changes of `base`, done to `onto`. The same change on both sides is no conflict. */
export function rebase({
  base,
  text,
  onto,
}: {
  readonly base: string;
  readonly text: string;
  readonly onto: string;
}): Rebased {
  if (onto === base || onto === text) return { text, conflicts: [] };
  if (text === base) return { text: onto, conflicts: [] };
  const regions = diff3Merge(splitLines(onto), splitLines(base), splitLines(text), { excludeFalseConflicts: true });
  const merged: string[] = [];
  const conflicts: { onto: string; proposed: string }[] = [];
  for (const region of regions) {
    if (region.conflict) {
      merged.push(...region.conflict.a);
      conflicts.push({ onto: region.conflict.a.join(''), proposed: region.conflict.b.join('') });
    } else if (region.ok) {
      merged.push(...region.ok);
    }
  }
  return { text: merged.join(''), conflicts };
}
