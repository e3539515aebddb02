import type { LineRange } from '../schemas.ts';
import { diffHunks } from './hunks.ts';
import { openPatches } from './pending.ts';
import { type DecisionVersions, placeOfAccepted } from './undo.ts';

/**
 * Where the lines of an accepted hunk are in its file now; when they were changed since, where they were.
 * @param current the file now
 */
export function acceptedPlace(versions: DecisionVersions, hunkId: string, current: string): LineRange {
  const was = openPatches(versions.before).find(({ hunk }) => hunk.id === hunkId);
  if (!was) return { start: 0, count: 0 };
  return moved(placeThen(versions, was), versions.after.base.text, current);
}

function placeThen({ before, after }: DecisionVersions, was: ReturnType<typeof openPatches>[number]): LineRange {
  try {
    return placeOfAccepted(before, after, was);
  } catch {
    // The file changed in the moment of the decision: near where the proposal had it is what can be said.
    return was.hunk.newRange;
  }
}

/** Lines of one text in a later one: moved by what changed above them. */
function moved({ start, count }: LineRange, from: string, to: string): LineRange {
  let delta = 0;
  for (const { baseRange, newRange } of diffHunks(from, to)) {
    if (baseRange.start + baseRange.count > start) {
      const within = baseRange.start <= start;
      return within ? newRange : { start: start + delta, count };
    }
    delta = newRange.start + newRange.count - (baseRange.start + baseRange.count);
  }
  return { start: start + delta, count };
}
