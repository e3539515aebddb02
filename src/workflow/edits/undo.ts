import { PlanwrightError } from '../errors.ts';
import type { LineRange } from '../schemas.ts';
import { regionsOf } from './clash.ts';
import { applyPatches, diffLineArrays, linesIn } from './hunks.ts';
import { splitLines } from './lines.ts';
import { isMove, type OpenPatch, openPatches, rebuild } from './pending.ts';
import { rebaseOnto } from './review.ts';
import type { ReviewState } from './reviewState.ts';

/** A proposal's versions on either side of a decision. */
export interface DecisionVersions {
  /** The last one in which the hunk was pending. */
  readonly before: ReviewState;
  /** The one that its decision made. */
  readonly after: ReviewState;
}

/**
 * Takes back the decision on a hunk, which is pending again: a rejected one stands on the right side again, and the
 * lines of an accepted one leave the file. What was decided or written elsewhere since stays.
 * @param current the file now, null when there is none
 * @throws PlanwrightError DRIFT when its lines were changed since
 */
export function undoDecision(
  state: ReviewState,
  hunkId: string,
  { before, after }: DecisionVersions,
  current: string | null,
): { state: ReviewState; fileText: string | null } {
  const decided = state.hunks.find(({ id }) => id === hunkId);
  const was = openPatches(before).find(({ hunk }) => hunk.id === hunkId);
  if (!decided || !was || (decided.decision !== 'accepted' && decided.decision !== 'rejected'))
    throw notDecided(hunkId);
  const accepted = decided.decision === 'accepted';
  if (isMove(state, hunkId) || (accepted && state.action !== 'modify' && state.action !== 'rename')) {
    throw new PlanwrightError('INVALID_INPUT', `What was accepted made, moved or deleted ${state.path} as a whole.`, {
      hint: 'Take it back with the editor’s own undo, or restore the checkpoint before it.',
    });
  }
  const now = rebaseOnto(state, current);
  const there = accepted ? placeOfAccepted(before, after, was) : was.baseRange;
  const range = follow(there, (accepted ? after : before).base.text, now.base.text, now.path);
  const old = accepted ? linesIn(splitLines(before.base.text), was.baseRange) : null;
  const base = old
    ? applyPatches(splitLines(now.base.text), [{ baseRange: range, lines: old }]).lines.join('')
    : now.base.text;
  const delta = old ? old.length - range.count : 0;
  const again: OpenPatch = {
    hunk: { ...decided, decision: 'pending' },
    baseRange: old ? { start: range.start, count: old.length } : range,
    lines: was.lines,
  };
  const others = openPatches(now).map((patch) =>
    patch.baseRange.start >= range.start + range.count && patch.hunk.id !== hunkId
      ? { ...patch, baseRange: { ...patch.baseRange, start: patch.baseRange.start + delta } }
      : patch,
  );
  const reopened = {
    ...now,
    hunks: now.hunks.map((hunk) => (hunk.id === hunkId ? { ...hunk, decision: 'pending' as const } : hunk)),
  };
  const patches = [...others, again].sort((a, b) => a.baseRange.start - b.baseRange.start);
  for (const [index, patch] of patches.entries()) {
    const next = patches[index + 1];
    if (next && patch.baseRange.start + patch.baseRange.count > next.baseRange.start) throw changedSince(now.path);
  }
  return { state: rebuild(reopened, base, patches, {}), fileText: accepted ? base : current };
}

/** Where the lines of an accepted hunk are in the file as its decision left it. @throws PlanwrightError DRIFT */
export function placeOfAccepted(before: ReviewState, after: ReviewState, was: OpenPatch): LineRange {
  const together = new Set(after.hunks.filter(({ decision }) => decision === 'accepted').map(({ id }) => id));
  const patches = openPatches(before).filter(({ hunk }) => together.has(hunk.id) && !isMove(before, hunk.id));
  const { lines, ranges } = applyPatches(splitLines(before.base.text), patches);
  const range = ranges[patches.findIndex(({ hunk }) => hunk.id === was.hunk.id)];
  // The file had changed in the moment before the decision: where the lines went is not recorded then.
  if (!range || lines.join('') !== after.base.text) throw changedSince(after.path);
  return range;
}

/** Where lines of one text are in a later one. @throws PlanwrightError DRIFT when they, or their neighbours, changed */
function follow(range: LineRange, from: string, to: string, path: string): LineRange {
  if (from === to) return range;
  const patch = { baseRange: range, lines: [] };
  const region = regionsOf([patch], diffLineArrays(splitLines(from), splitLines(to))).find(
    ({ patches }) => patches.length > 0,
  );
  if (!region || region.changes.length > 0) throw changedSince(path);
  return region.now;
}

function notDecided(hunkId: string): PlanwrightError {
  return new PlanwrightError('NOT_FOUND', `There is no decision on ${hunkId} to take back.`, {
    hint: 'It is pending, or a newer version has replaced it.',
  });
}

function changedSince(path: string): PlanwrightError {
  return new PlanwrightError(
    'DRIFT',
    `${path} changed on or beside these lines since the decision. Nothing was written.`,
    {
      hint: 'Take the later changes back first, or edit the file yourself.',
    },
  );
}
