import type { HunkSummary, ProposalSummary } from '../engine/events.ts';
import { PlanwrightError } from '../errors.ts';
import type { FileAction, Hunk, HunkDecision, LineRange, Proposal } from '../schemas.ts';
import { textHash } from './hash.ts';
import { applyPatches, diffHunks, diffLineArrays, type Patch, type RawHunk } from './hunks.ts';
import { splitLines } from './lines.ts';
import { rebase } from './rebase.ts';

export interface Conflict {
  readonly hunkId: string;
  /** What the hunk would put there. */
  readonly proposed: string;
  /** What is there now. */
  readonly current: string;
}

/**
 * One proposal under review. `base.text` is the file as it was last seen, `text` the right side of the diff;
 * their differences are exactly the pending hunks that are not in conflict. An accepted hunk moves into the
 * base, a rejected one leaves the text, and every hunk keeps its id for life.
 */
export interface ReviewState extends Proposal {
  /** Rises by one with every change. */
  readonly version: number;
  readonly conflicts: readonly Conflict[];
}

/** Why the lines of `range` (of the proposed text) are as they are. */
export interface LineProvenance {
  readonly range: LineRange;
  readonly requirementIds: readonly string[];
  readonly why: string;
}

export interface NewProposal {
  readonly id: string;
  readonly taskId: string;
  readonly path: string;
  readonly action: FileAction;
  readonly from?: string;
  /** Null for a file that does not exist yet. */
  readonly base: string | null;
  readonly text: string;
  readonly rationale: string;
  readonly provenance: readonly LineProvenance[];
  /** What a hunk serves when no provenance speaks of it. */
  readonly taskRequirements: readonly string[];
}

/** A new proposal, all its hunks pending. A created or deleted file is one hunk; a rename's first hunk is the move. */
export function createProposal(proposal: NewProposal): ReviewState {
  const { id, taskId, path, action, from, base, text, rationale } = proposal;
  const hunks = rawHunksOf(proposal).map((raw, index) => newHunk(proposal, raw, `${id}.${index + 1}`));
  return {
    id,
    taskId,
    path,
    action,
    ...(from === undefined ? {} : { from }),
    base: { hash: base === null ? 'absent' : textHash(base), text: base ?? '' },
    text,
    hunks,
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
  const hunk = pendingHunk(now, hunkId);
  if (isConflicting(now, hunkId)) throw conflictError(now.path);
  const base = applyPatches(splitLines(now.base.text), [patchOf(now, hunk)]).lines.join('');
  const others = openPatches(now).filter(({ hunk: other }) => other.id !== hunkId);
  const delta = hunk.newRange.count - hunk.baseRange.count;
  const moved = others.map((other) =>
    isAfter(other.hunk, hunk, now.hunks) ? { ...other, baseRange: shifted(other.baseRange, delta) } : other,
  );
  const accepted = rebuild(now, base, moved, { [hunkId]: 'accepted' });
  return { state: accepted, fileText: state.action === 'delete' ? null : base };
}

/** Accepts every pending hunk that is not in conflict. */
export function acceptAll(state: ReviewState, current: string | null): { state: ReviewState; fileText: string | null } {
  const now = rebaseOnto(state, current);
  const open = now.hunks.filter(({ id, decision }) => decision === 'pending' && !isConflicting(now, id));
  if (open.length === 0 && now.conflicts.length > 0) throw conflictError(now.path);
  const conflicting = openPatches(now).filter(({ hunk }) => isConflicting(now, hunk.id));
  const decided = Object.fromEntries(open.map(({ id }) => [id, 'accepted' as const]));
  const inText = conflicting.map((patch) => ({ ...patch, baseRange: patch.hunk.newRange }));
  const accepted = rebuild(now, now.text, inText, decided);
  return { state: accepted, fileText: state.action === 'delete' && now.conflicts.length === 0 ? null : now.text };
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

/** Takes the right side as the developer (or an agent, with `origin`) has written it. Hunks keep their ids by where they are. */
export function editText(
  state: ReviewState,
  text: string,
  origin?: { readonly requirementIds: readonly string[]; readonly why: string },
): ReviewState {
  if (text === state.text) return state;
  const raw = diffHunks(state.base.text, text);
  const open = state.hunks.filter(
    ({ id, decision }) => decision === 'pending' && !isConflicting(state, id) && !isMove(state, id),
  );
  const taken = new Set<string>();
  let next = state.hunks.length;
  const kept: Hunk[] = raw.map((hunk) => {
    const known = open.find(({ id, baseRange }) => !taken.has(id) && touches(baseRange, hunk.baseRange));
    if (known) {
      taken.add(known.id);
      return { ...known, ...hunk };
    }
    next += 1;
    const { requirementIds = [], why = 'Written by the developer.' } = origin ?? {};
    return { id: `${state.id}.${next}`, ...hunk, requirementIds: [...requirementIds], why, decision: 'pending' };
  });
  const gone = new Set(open.filter(({ id }) => !taken.has(id)).map(({ id }) => id));
  const keptById = new Map(kept.map((hunk) => [hunk.id, hunk]));
  const hunks = state.hunks.map(
    (hunk) => keptById.get(hunk.id) ?? (gone.has(hunk.id) ? { ...hunk, decision: 'superseded' as const } : hunk),
  );
  const known = new Set(state.hunks.map(({ id }) => id));
  const next_ = {
    ...state,
    text,
    hunks: [...hunks, ...kept.filter(({ id }) => !known.has(id))],
    version: state.version + 1,
  };
  return next_;
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
 * applied; several that clash with the same change become one conflict, under the first one's id.
 */
export function rebaseOnto(state: ReviewState, current: string | null): ReviewState {
  const now = current ?? '';
  if (now === state.base.text) return state;
  const baseLines = splitLines(state.base.text);
  const nowLines = splitLines(now);
  const changes = diffLineArrays(baseLines, nowLines);
  const conflicts: Conflict[] = [];
  const decided: Record<string, HunkDecision> = {};
  const patches: OpenPatch[] = [];
  for (const group of clashGroups(state, changes)) {
    const [first, ...others] = group.patches;
    if (!first) continue;
    const region = regionOf(group, changes);
    if (group.clash.length === 0 && !group.wasConflict) {
      patches.push({ ...first, baseRange: region.now });
      continue;
    }
    const there = nowLines.slice(region.now.start, region.now.start + region.now.count);
    const proposed = proposedLines(baseLines, region.base, group.patches);
    for (const { hunk } of others) decided[hunk.id] = 'superseded';
    if (proposed === there.join('')) {
      decided[first.hunk.id] = 'superseded';
    } else {
      conflicts.push({ hunkId: first.hunk.id, proposed, current: there.join('') });
      patches.push({ ...first, baseRange: region.now, lines: there });
    }
  }
  return { ...rebuild(state, now, patches, decided), conflicts };
}

/** Ends a conflict: `proposed` puts the proposed lines in place of the current ones, `current` rejects the hunk. */
export function resolveConflict(state: ReviewState, hunkId: string, side: 'proposed' | 'current'): ReviewState {
  const conflict = state.conflicts.find((other) => other.hunkId === hunkId);
  if (!conflict || side === 'current') return rejectHunk(state, hunkId);
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
  const hunks = state.hunks.map(
    (hunk): HunkSummary => ({
      ...hunk,
      removed: hunk.baseRange.count,
      added: hunk.newRange.count,
      ...(isConflicting(state, hunk.id) ? { conflict: true } : {}),
    }),
  );
  return { id, taskId, path, action, ...(from === undefined ? {} : { from }), rationale, version, hunks };
}

// --- How a state is taken apart and put together -----------------------------------------------

interface OpenPatch extends Patch {
  readonly hunk: Hunk;
}

function openPatches(state: ReviewState): OpenPatch[] {
  return state.hunks
    .filter(({ decision }) => decision === 'pending')
    .map((hunk) => ({ hunk, ...patchOf(state, hunk) }));
}

function patchOf(state: ReviewState, { baseRange, newRange }: Hunk): Patch {
  return { baseRange, lines: splitLines(state.text).slice(newRange.start, newRange.start + newRange.count) };
}

/** The state over `base` with just these patches pending; `decided` says what became of the others. */
function rebuild(
  state: ReviewState,
  base: string,
  patches: readonly OpenPatch[],
  decided: Readonly<Record<string, HunkDecision>>,
): ReviewState {
  const { lines, ranges } = applyPatches(splitLines(base), patches);
  const placed = new Map(patches.map((patch, index) => [patch.hunk.id, { patch, newRange: ranges[index] }]));
  const hunks = state.hunks.map((hunk): Hunk => {
    const decision = decided[hunk.id];
    if (decision) return { ...hunk, decision };
    const place = placed.get(hunk.id);
    return place?.newRange ? { ...hunk, baseRange: place.patch.baseRange, newRange: place.newRange } : hunk;
  });
  return {
    ...state,
    base: { hash: textHash(base), text: base },
    text: lines.join(''),
    hunks,
    conflicts: state.conflicts.filter(({ hunkId }) => !decided[hunkId]),
    version: state.version + 1,
  };
}

/** Pending hunks that clash with the same changes of the base; a hunk that clashes with none is alone. */
interface ClashGroup {
  readonly patches: OpenPatch[];
  readonly clash: RawHunk[];
  wasConflict: boolean;
}

function clashGroups(state: ReviewState, changes: readonly RawHunk[]): ClashGroup[] {
  const groups: ClashGroup[] = [];
  const inOrder = openPatches(state).sort((a, b) => a.baseRange.start - b.baseRange.start);
  for (const open of inOrder) {
    const before = state.conflicts.find(({ hunkId }) => hunkId === open.hunk.id);
    const patch = before ? { ...open, lines: splitLines(before.proposed) } : open;
    const clash = isMove(state, open.hunk.id)
      ? []
      : changes.filter(({ baseRange }) => touches(baseRange, patch.baseRange));
    const shared = groups.find((group) => group.clash.some((change) => clash.includes(change)));
    if (shared) {
      shared.patches.push(patch);
      shared.clash.push(...clash.filter((change) => !shared.clash.includes(change)));
      shared.wasConflict ||= before !== undefined;
    } else {
      groups.push({ patches: [patch], clash, wasConflict: before !== undefined });
    }
  }
  return groups;
}

/** The base lines that a group of hunks and the changes they clash with span, and the lines they are now. */
function regionOf({ patches, clash }: ClashGroup, changes: readonly RawHunk[]): { base: LineRange; now: LineRange } {
  const spanned = [...patches, ...clash].map(({ baseRange }) => baseRange);
  const start = Math.min(...spanned.map((range) => range.start));
  const end = Math.max(...spanned.map(endOf));
  const before = changes.filter((change) => !clash.includes(change) && endOf(change.baseRange) <= start);
  const first = start + grownBy(before);
  return { base: { start, count: end - start }, now: { start: first, count: end - start + grownBy(clash) } };
}

function grownBy(changes: readonly RawHunk[]): number {
  return changes.reduce((sum, { baseRange, newRange }) => sum + newRange.count - baseRange.count, 0);
}

/** What a region of the base would be with the patches in it applied. */
function proposedLines(base: readonly string[], region: LineRange, patches: readonly Patch[]): string {
  const inRegion = patches.map((patch) => ({ ...patch, baseRange: shifted(patch.baseRange, -region.start) }));
  return applyPatches(base.slice(region.start, endOf(region)), inRegion).lines.join('');
}

function rawHunksOf({ action, base, text }: NewProposal): RawHunk[] {
  const none = { start: 0, count: 0 };
  if (base === null || action === 'create')
    return [{ baseRange: none, newRange: { start: 0, count: splitLines(text).length } }];
  if (action === 'delete') return [{ baseRange: { start: 0, count: splitLines(base).length }, newRange: none }];
  const content = diffHunks(base, text);
  return action === 'rename' ? [{ baseRange: none, newRange: none }, ...content] : content;
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

function pendingHunk(state: ReviewState, hunkId: string): Hunk {
  const hunk = state.hunks.find(({ id }) => id === hunkId);
  if (hunk?.decision === 'pending') return hunk;
  throw new PlanwrightError('NOT_FOUND', `${hunkId} is not pending any more.`, {
    hint: 'It was decided before, or replaced by a newer version.',
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

function isConflicting(state: ReviewState, hunkId: string): boolean {
  return state.conflicts.some((conflict) => conflict.hunkId === hunkId);
}

function isMove(state: ReviewState, hunkId: string): boolean {
  return state.action === 'rename' && state.hunks[0]?.id === hunkId;
}

/** Does `hunk` come after `other` in the file? Two insertions at one place keep the order they have in the list. */
function isAfter(hunk: Hunk, other: Hunk, order: readonly Hunk[]): boolean {
  if (hunk.baseRange.start !== other.baseRange.start) return hunk.baseRange.start > other.baseRange.start;
  return order.findIndex(({ id }) => id === hunk.id) > order.findIndex(({ id }) => id === other.id);
}

function shifted(range: LineRange, delta: number): LineRange {
  return { start: range.start + delta, count: range.count };
}

function endOf({ start, count }: LineRange): number {
  return start + count;
}

function touches(a: LineRange, b: LineRange): boolean {
  return a.start <= endOf(b) && b.start <= endOf(a);
}

function overlaps(a: LineRange, b: LineRange): boolean {
  return a.start < endOf(b) && b.start < endOf(a);
}
