import type { HunkSummary, ProposalSummary } from '../engine/events.ts';
import { PlanwrightError } from '../errors.ts';
import type { Hunk, HunkDecision, LineRange } from '../schemas.ts';
import { say } from '../words/say.ts';
import { regionsOf } from './clash.ts';
import { withOwnEols } from './eols.ts';
import { textHash } from './hash.ts';
import { applyPatches, diffHunks, diffLineArrays, linesIn, type RawHunk } from './hunks.ts';
import { keepIds, type Origin } from './keepIds.ts';
import { splitLines } from './lines.ts';
import { newHunks } from './newHunks.ts';
import { isMove, type OpenPatch, openPatches, rebuild } from './pending.ts';
import { patchedLines, rebase } from './rebase.ts';
import type { Conflict, NewProposal, ReviewState } from './reviewState.ts';

const NO_LINES: LineRange = { start: 0, count: 0 };
const BY_DEVELOPER: Origin = { requirementIds: [], why: say`Written by the developer.` };

/** A new proposal, all its hunks pending. A created or deleted file is one hunk; a rename's first hunk is the move. */
export function createProposal(proposal: NewProposal): ReviewState {
  const { id, taskId, path, action, from, base, text, rationale } = proposal;
  return {
    id,
    taskId,
    path,
    action,
    ...(from === undefined ? {} : { from }),
    base: { hash: base === null ? 'absent' : textHash(base), text: base ?? '' },
    text,
    hunks: newHunks(proposal),
    rationale,
    version: 1,
    conflicts: [],
  };
}

/**
 * Accepts one hunk. `fileText` is what the file then is: the file with just this hunk in it; null when it is deleted.
 * @param current the file now, null when there is none
 * @throws PlanwrightError DRIFT when the file changed where the hunk is
 */
export function acceptHunk(
  state: ReviewState,
  hunkId: string,
  current: string | null,
): { state: ReviewState; fileText: string | null } {
  const now = rebaseOnto(state, current);
  pendingHunk(now, hunkId);
  if (conflictIds(now).has(hunkId)) throw conflictError(now.path);
  if (isMove(now, hunkId)) requireFile(now, current);
  const patches = openPatches(now);
  const index = patches.findIndex(({ hunk }) => hunk.id === hunkId);
  const accepted = patches.slice(index, index + 1);
  const base = applyPatches(splitLines(now.base.text), accepted).lines.join('');
  const delta = accepted.reduce((sum, { baseRange, lines }) => sum + lines.length - baseRange.count, 0);
  const others = [
    ...patches.slice(0, index),
    ...patches.slice(index + 1).map((other) => ({ ...other, baseRange: shifted(other.baseRange, delta) })),
  ];
  return {
    state: rebuild(now, base, others, { [hunkId]: 'accepted' }),
    fileText: fileTextOf(now, base),
  };
}

/**
 * Accepts every pending hunk that is not in conflict; with none pending the file stays as it is.
 * @throws PlanwrightError DRIFT when all that is pending is in conflict
 */
export function acceptAll(state: ReviewState, current: string | null): { state: ReviewState; fileText: string | null } {
  const now = rebaseOnto(state, current);
  const inConflict = conflictIds(now);
  const open = now.hunks.filter(({ id, decision }) => decision === 'pending' && !inConflict.has(id));
  if (open.length === 0 && inConflict.size > 0) throw conflictError(now.path);
  if (open.length === 0) return { state: now, fileText: current };
  if (open.some(({ id }) => isMove(now, id))) requireFile(now, current);
  const decided = Object.fromEntries(open.map(({ id }) => [id, 'accepted' as const]));
  const rest = openPatches(now)
    .filter(({ hunk }) => inConflict.has(hunk.id))
    .map((patch) => ({ ...patch, baseRange: patch.hunk.newRange }));
  return { state: rebuild(now, now.text, rest, decided), fileText: fileTextOf(now, now.text) };
}

/** Drops one hunk; the right side gets the file's own lines back. */
export function rejectHunk(state: ReviewState, hunkId: string): ReviewState {
  pendingHunk(state, hunkId);
  const others = openPatches(state).filter(({ hunk }) => hunk.id !== hunkId);
  return rebuild(state, state.base.text, others, { [hunkId]: 'rejected' });
}

export function rejectAll(state: ReviewState): ReviewState {
  const open = state.hunks.filter(({ decision }) => decision === 'pending');
  return rebuild(state, state.base.text, [], Object.fromEntries(open.map(({ id }) => [id, 'rejected' as const])));
}

/** Takes back what nobody has decided: its agent failed, and makes it anew or not at all. What was decided stays. */
export function withdrawPending(state: ReviewState): ReviewState {
  const open = state.hunks.filter(({ decision }) => decision === 'pending');
  if (open.length === 0) return state;
  return rebuild(state, state.base.text, [], Object.fromEntries(open.map(({ id }) => [id, 'superseded' as const])));
}

/**
 * Takes the right side as the developer (or an agent, with `origin`) has written it. Hunks keep their ids by where
 * they are. Lines that were in conflict and are written anew are no longer: the hunk is what was written.
 */
export function editText(state: ReviewState, written: string, origin: Origin = BY_DEVELOPER): ReviewState {
  const text = withOwnEols(written, state.text);
  if (text === state.text) return state;
  const { hunks, settled } = keepIds(state, differences(state, text), origin);
  return {
    ...state,
    // What has text left is not deleted any more.
    action: state.action === 'delete' && text !== '' ? 'modify' : state.action,
    text,
    hunks,
    conflicts: state.conflicts.filter(({ hunkId }) => !settled.has(hunkId)),
    version: state.version + 1,
  };
}

/**
 * Puts an agent's revision of one hunk in its place.
 * @param revision.madeFrom the right side the agent was shown; what changed since is kept
 * @throws PlanwrightError DRIFT when the same lines were changed meanwhile
 */
export function reviseHunk(
  state: ReviewState,
  hunkId: string,
  revision: { readonly madeFrom: string; readonly revisedText: string; readonly feedback: string },
): ReviewState {
  const { text, conflicts } = rebase({ base: revision.madeFrom, text: revision.revisedText, onto: state.text });
  if (conflicts.length > 0) {
    throw new PlanwrightError('DRIFT', `${state.path} was changed on these lines while the agent worked on them.`, {
      hint: 'The hunk is as you left it. Ask again if you still want the change.',
    });
  }
  const asked = state.hunks.find(({ id }) => id === hunkId);
  const edited = editText(state, text, { requirementIds: asked?.requirementIds ?? [], why: revision.feedback });
  const base = edited === state ? { ...state, version: state.version + 1 } : edited;
  return {
    ...base,
    hunks: base.hunks.map((hunk) => (hunk.id === hunkId ? { ...hunk, feedback: revision.feedback } : hunk)),
  };
}

/**
 * Brings the proposal onto the file as it is now. Hunks whose lines changed underneath are put in conflict, not
 * applied; several that clash with the same change become one conflict, under the first one's id. A hunk that the
 * file has already is superseded.
 * @param changes of the base's lines in the file as it is now, where they are known already
 */
export function rebaseOnto(state: ReviewState, current: string | null, changes?: readonly RawHunk[]): ReviewState {
  const now = current ?? '';
  if (now === state.base.text) return state;
  const baseLines = splitLines(state.base.text);
  const nowLines = splitLines(now);
  const proposedBefore = new Map(state.conflicts.map(({ hunkId, proposed }) => [hunkId, splitLines(proposed)]));
  const pending = openPatches(state).map((patch) => ({
    ...patch,
    lines: proposedBefore.get(patch.hunk.id) ?? patch.lines,
  }));
  const conflicts: Conflict[] = [];
  const decided: Record<string, HunkDecision> = {};
  const placed: OpenPatch[] = pending.filter(({ hunk }) => isMove(state, hunk.id));
  const withLines = pending.filter(({ hunk }) => !isMove(state, hunk.id));
  for (const region of regionsOf(withLines, changes ?? diffLineArrays(baseLines, nowLines))) {
    const [first, ...others] = region.patches;
    if (!first) continue;
    if (region.changes.length === 0 && !proposedBefore.has(first.hunk.id)) {
      placed.push({ ...first, baseRange: region.now });
      continue;
    }
    const there = linesIn(nowLines, region.now);
    const proposed = patchedLines(baseLines, region.base, region.patches).join('');
    for (const { hunk } of others) decided[hunk.id] = 'superseded';
    if (proposed === there.join('')) {
      decided[first.hunk.id] = 'superseded';
    } else {
      conflicts.push({ hunkId: first.hunk.id, proposed, current: there.join('') });
      placed.push({ ...first, baseRange: region.now, lines: there });
    }
  }
  return { ...rebuild(state, now, placed, decided), conflicts };
}

/**
 * Ends a conflict: `proposed` puts the proposed lines in place of the current ones, `current` rejects the hunk. A
 * hunk that is not in conflict is proposed already.
 */
export function resolveConflict(state: ReviewState, hunkId: string, side: 'proposed' | 'current'): ReviewState {
  if (side === 'current') return rejectHunk(state, hunkId);
  pendingHunk(state, hunkId);
  const conflict = state.conflicts.find((other) => other.hunkId === hunkId);
  if (!conflict) return state;
  const patches = openPatches(state).map((patch) =>
    patch.hunk.id === hunkId ? { ...patch, lines: splitLines(conflict.proposed) } : patch,
  );
  const rest = state.conflicts.filter((other) => other.hunkId !== hunkId);
  return rebuild({ ...state, conflicts: rest }, state.base.text, patches, {});
}

export function isSettled(state: ReviewState): boolean {
  return state.hunks.every(({ decision }) => decision !== 'pending');
}

/** The proposal as views show it. */
export function summarize(state: ReviewState): ProposalSummary {
  const { id, taskId, path, action, from, rationale, version } = state;
  const inConflict = conflictIds(state);
  const hunks = state.hunks.map(
    (hunk): HunkSummary => ({
      ...hunk,
      removed: hunk.baseRange.count,
      added: hunk.newRange.count,
      ...(inConflict.has(hunk.id) ? { conflict: true } : {}),
    }),
  );
  return { id, taskId, path, action, ...(from === undefined ? {} : { from }), rationale, version, hunks };
}

/** What the text changes. A new file is one hunk even when nothing is in it yet. */
function differences({ action, base, hunks }: ReviewState, text: string) {
  const raw = diffHunks(base.text, text);
  const isNew = action === 'create' && base.text === '' && hunks.some(({ decision }) => decision === 'pending');
  return isNew && raw.length === 0 ? [{ baseRange: NO_LINES, newRange: NO_LINES }] : raw;
}

/** The file once it has this text; a deletion that is accepted leaves none. */
function fileTextOf({ action }: ReviewState, text: string): string | null {
  return action === 'delete' && text === '' ? null : text;
}

function pendingHunk(state: ReviewState, hunkId: string): Hunk {
  const hunk = state.hunks.find(({ id }) => id === hunkId);
  if (hunk?.decision === 'pending') return hunk;
  throw new PlanwrightError('NOT_FOUND', `${hunkId} is not pending any more.`, {
    hint: 'It was decided before, or replaced by a newer version.',
  });
}

/** A file can be moved only while it is there: else the move would make an empty one. */
function requireFile({ from, path }: ReviewState, current: string | null): void {
  if (current !== null) return;
  throw new PlanwrightError('DRIFT', `${from ?? path} is not there any more. Nothing was written.`, {
    hint: 'Bring the file back, or reject the move.',
  });
}

function conflictError(path: string): PlanwrightError {
  return new PlanwrightError(
    'DRIFT',
    `${path} changed on these lines since the proposal was made. Nothing was written.`,
    {
      hint: 'Decide earlier proposals for this file first, or choose a side over the hunk.',
    },
  );
}

function conflictIds(state: ReviewState): ReadonlySet<string> {
  return new Set(state.conflicts.map(({ hunkId }) => hunkId));
}

function shifted(range: LineRange, delta: number): LineRange {
  return { start: range.start + delta, count: range.count };
}
