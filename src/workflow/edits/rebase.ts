import type { LineRange } from '../schemas.ts';
import { regionsOf } from './clash.ts';
import { diffLinesInSlices } from './diffInSlices.ts';
import { applyPatches, diffLineArrays, linesIn, type Patch, patchesOf, type RawHunk } from './hunks.ts';
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
  const [baseLines, textLines, ontoLines] = [splitLines(base), splitLines(text), splitLines(onto)];
  const hunks = diffLineArrays(baseLines, textLines);
  return mergeLines(
    baseLines,
    { lines: textLines, hunks },
    { lines: ontoLines, hunks: diffLineArrays(baseLines, ontoLines) },
  );
}

/** As {@link rebase}, for texts so long that whatever else is to be done should have its turn meanwhile. */
export async function rebaseInSlices({ base, text, onto }: Parameters<typeof rebase>[0]): Promise<Rebased> {
  if (onto === base || onto === text || text === base) return rebase({ base, text, onto });
  const [baseLines, textLines, ontoLines] = [splitLines(base), splitLines(text), splitLines(onto)];
  const hunks = await diffLinesInSlices(baseLines, textLines);
  const theirs = await diffLinesInSlices(baseLines, ontoLines);
  return mergeLines(baseLines, { lines: textLines, hunks }, { lines: ontoLines, hunks: theirs });
}

/** One side of a merge: its lines, and where they differ from the base. */
export interface Side {
  readonly lines: readonly string[];
  readonly hunks: readonly RawHunk[];
}

/** The merge itself, once it is known what each side changed. */
export function mergeLines(base: readonly string[], text: Side, onto: Side): Rebased {
  const placed: Patch[] = [];
  const conflicts: { onto: string; proposed: string }[] = [];
  for (const region of regionsOf(patchesOf(text.lines, text.hunks), onto.hunks)) {
    const [first] = region.patches;
    if (!first) continue;
    if (region.changes.length === 0) {
      placed.push({ baseRange: region.now, lines: first.lines });
      continue;
    }
    const there = linesIn(onto.lines, region.now).join('');
    const proposed = patchedLines(base, region.base, region.patches).join('');
    if (proposed !== there) conflicts.push({ onto: there, proposed });
  }
  return { text: applyPatches(onto.lines, placed).lines.join(''), conflicts };
}

/** What a range of the base is with the patches in it applied. */
export function patchedLines(base: readonly string[], range: LineRange, patches: readonly Patch[]): string[] {
  const inRange = patches.map(({ baseRange, lines }) => ({
    baseRange: { start: baseRange.start - range.start, count: baseRange.count },
    lines,
  }));
  return applyPatches(linesIn(base, range), inRange).lines;
}
