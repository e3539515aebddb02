import type { Hunk, LineRange } from '../schemas.ts';
import { diffHunks, endOf, type RawHunk } from './hunks.ts';
import { splitLines } from './lines.ts';
import type { NewProposal } from './reviewState.ts';

const NO_LINES: LineRange = { start: 0, count: 0 };

/** The hunks of a new proposal, all pending. A created or deleted file is one hunk; a rename's first hunk is the move. */
export function newHunks(proposal: NewProposal): Hunk[] {
  return rawHunksOf(proposal).map((raw, index) => newHunk(proposal, raw, `${proposal.id}.${index + 1}`));
}

function rawHunksOf({ action, base, text }: NewProposal): RawHunk[] {
  if (base === null || action === 'create') {
    return [{ baseRange: NO_LINES, newRange: { start: 0, count: splitLines(text).length } }];
  }
  if (action === 'delete') return [{ baseRange: { start: 0, count: splitLines(base).length }, newRange: NO_LINES }];
  const content = diffHunks(base, text);
  return action === 'rename' ? [{ baseRange: NO_LINES, newRange: NO_LINES }, ...content] : content;
}

function newHunk({ provenance, taskRequirements }: NewProposal, raw: RawHunk, id: string): Hunk {
  const origins = provenance.filter(({ range }) => touches(range, raw.newRange));
  const inside = origins.filter(({ range }) => overlaps(range, raw.newRange));
  const speaking = inside.length > 0 ? inside : origins;
  return {
    id,
    ...raw,
    requirementIds:
      speaking.length > 0
        ? [...new Set(speaking.flatMap(({ requirementIds }) => requirementIds))]
        : [...taskRequirements],
    why: [...new Set(speaking.map(({ why }) => why).filter((why) => why !== ''))].join(' '),
    decision: 'pending',
  };
}

/** Do the ranges share a line, or have none between them? */
function touches(a: LineRange, b: LineRange): boolean {
  return a.start <= endOf(b) && b.start <= endOf(a);
}

/** Do the ranges share a line, or is one an insertion inside the other? */
export function overlaps(a: LineRange, b: LineRange): boolean {
  return a.start < endOf(b) && b.start < endOf(a);
}
