import type { Gate, ProposalChange, ProposalSummary } from '../engine/events.ts';
import type { Store } from '../engine/store.ts';
import { PlanwrightError } from '../errors.ts';
import type { FileChange, FileSnapshot, Workspace } from '../ports.ts';
import { diffHunksInSlices } from './diffInSlices.ts';
import { textHash } from './hash.ts';
import { splitLines } from './lines.ts';
import { rebaseInSlices } from './rebase.ts';
import {
  acceptAll,
  acceptHunk,
  editText,
  isSettled,
  rebaseOnto,
  rejectAll,
  rejectHunk,
  resolveConflict,
  reviseHunk,
  summarize,
  withdrawPending,
} from './review.ts';
import type { ReviewState } from './reviewState.ts';
import { MAX_RIPPLES, makeAnew } from './ripple.ts';
import { type DecisionVersions, undoDecision } from './undo.ts';

/** A proposal as it is now, and whose it is. */
export interface BookEntry {
  readonly runId: string;
  readonly attempt: number;
  readonly state: ReviewState;
}

/** What an accepted hunk was about to do to a file, journaled before it is done. */
interface Intent {
  readonly change: FileChange;
  /** Hash of the text the file has before and after; 'absent' for no file. */
  readonly before: string;
  readonly after: string;
  readonly state: ReviewState;
  readonly hunkIds: readonly string[];
  readonly because: ProposalChange;
  readonly by: string;
  /** The process that does it. */
  readonly owner: string;
}

/** Tells this process from others that decide on the same database. */
export interface Owner {
  readonly id: string;
  /** False when the process of that id is gone, so that what it left undone is ours to finish. */
  isAlive(id: string): boolean;
}

const ABSENT = 'absent';

/** What a decision makes of a proposal and of its file. */
type Deciding = (state: ReviewState, current: string | null) => { state: ReviewState; fileText: string | null };

/** How often a change is tried anew when another process was quicker. */
const MAX_TURNS = 5;

/**
 * The proposals of all runs: the one place where a hunk is decided and a file is changed.
 *
 * A decision is journaled, applied, and journaled as done, one at a time. After a crash {@link recover}
 * looks at the file to see which of the two happened. Several processes may decide at once: a change is made to
 * the newest version or not at all, and who comes second looks again.
 */
export class ProposalBook {
  readonly #store: Store;
  readonly #workspace: Workspace;
  readonly #owner: Owner;
  readonly #listeners = new Set<(entry: BookEntry) => void>();
  readonly #beforeWrite: (runId: string, attempt: number) => Promise<void>;
  readonly #unsubscribe: () => void;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param beforeWrite is waited for before a decision changes a file */
  constructor(
    store: Store,
    workspace: Workspace,
    owner: Owner,
    beforeWrite: (runId: string, attempt: number) => Promise<void> = async () => {},
  ) {
    this.#beforeWrite = beforeWrite;
    this.#store = store;
    this.#workspace = workspace;
    this.#owner = owner;
    this.#unsubscribe = store.subscribe(({ runId, attempt, event }) => {
      if (event.type === 'gate.opened' && event.gate.proposalId)
        this.#settleGate(runId, attempt, event.gate.proposalId);
    });
  }

  // --- Reading ---------------------------------------------------------------------------------

  find(runId: string, attempt: number, proposalId: string): ReviewState | undefined {
    return this.#store.edits.latestProposal(runId, attempt, proposalId) as ReviewState | undefined;
  }

  list(runId: string, attempt: number): ReviewState[] {
    return this.#store.edits.latestProposals(runId, attempt) as ReviewState[];
  }

  /** The proposals of an attempt as each was first made. */
  asMade(runId: string, attempt: number): ReviewState[] {
    return this.list(runId, attempt).map(
      ({ id }) => this.#store.edits.proposalVersions(runId, attempt, id)[0] as ReviewState,
    );
  }

  /** The proposals of a run's current attempt. */
  latest(runId: string): BookEntry[] {
    const attempt = this.#store.getRun(runId)?.attempt ?? 1;
    return this.list(runId, attempt).map((state) => ({ runId, attempt, state }));
  }

  /** Called after every change of a proposal. */
  onChange(listener: (entry: BookEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A file as a task sees it: what is on disk, and the pending proposals of `taskIds` on top, in that order. */
  async read(runId: string, attempt: number, taskIds: readonly string[], path: string): Promise<FileSnapshot | null> {
    const onDisk = await this.#workspace.read(path);
    let text = onDisk?.text ?? null;
    for (const state of this.#pendingOf(runId, attempt, taskIds)) {
      if (state.from === path && state.action === 'rename') text = null;
      if (state.path !== path) continue;
      if (state.action === 'delete') text = null;
      else if (text === null) text = state.text;
      else text = (await rebaseInSlices({ base: state.base.text, text: state.text, onto: text })).text;
    }
    if (text === null) return null;
    return onDisk ? { ...onDisk, text, hash: textHash(text) } : this.asFile(path, text);
  }

  /** The paths that pending proposals of these tasks add to the workspace's own. */
  paths(runId: string, attempt: number, taskIds: readonly string[]): string[] {
    return this.#pendingOf(runId, attempt, taskIds)
      .filter(({ action }) => action !== 'delete')
      .map(({ path }) => path);
  }

  asFile(path: string, text: string): FileSnapshot {
    return { path, text, hash: textHash(text), readOnly: false, dirty: false };
  }

  /** The right side of a proposal, and the lines of one hunk of it: what an agent is shown when a change is asked for. */
  snapshot(
    runId: string,
    attempt: number,
    proposalId: string,
    hunkId: string,
  ): { path: string; text: string; hunkText: string } {
    const state = this.#require(runId, attempt, proposalId);
    const range = state.hunks.find(({ id }) => id === hunkId)?.newRange ?? { start: 0, count: 0 };
    const hunkText = splitLines(state.text)
      .slice(range.start, range.start + range.count)
      .join('');
    return { path: state.path, text: state.text, hunkText };
  }

  // --- Proposing and changing ------------------------------------------------------------------

  /** Stores a new proposal, brought up to date with the file; one that is stored already stays as it is. */
  propose(runId: string, attempt: number, state: ReviewState): Promise<ProposalSummary> {
    return this.#inTurn(async () => {
      const known = this.find(runId, attempt, state.id);
      if (known) return summarize(known);
      this.#store.edits.putProposal(runId, attempt, state);
      const current = await this.#rebased(runId, attempt, state);
      if (current !== state) this.#store.edits.putProposal(runId, attempt, current);
      this.#tell(runId, attempt, current);
      return summarize(current);
    });
  }

  /** Keeps what the developer wrote on the right side. */
  editText(runId: string, attempt: number, proposalId: string, text: string): Promise<void> {
    return this.#change(runId, attempt, proposalId, 'edited', (state) => editText(state, text));
  }

  /** Puts an agent's revision of a hunk in its place. */
  revise(
    runId: string,
    attempt: number,
    proposalId: string,
    hunkId: string,
    revision: { readonly madeFrom: string; readonly revised: string; readonly feedback: string },
  ): Promise<void> {
    return this.#change(runId, attempt, proposalId, 'revised', (state) =>
      reviseHunk(state, hunkId, {
        madeFrom: revision.madeFrom,
        revisedText: revision.revised,
        feedback: revision.feedback,
      }),
    );
  }

  /** Takes back what a task has proposed and nobody has decided. Once that is done it changes nothing. */
  async withdraw(runId: string, attempt: number, taskId: string, by: string, reason: string): Promise<void> {
    for (const { id } of this.list(runId, attempt).filter((state) => state.taskId === taskId && !isSettled(state)))
      await this.#change(runId, attempt, id, 'withdrawn', withdrawPending, by, reason);
  }

  /** Brings a proposal up to date with the file as it is now. */
  async refresh(runId: string, attempt: number, proposalId: string): Promise<void> {
    await this.#inTurn(async () => {
      const state = this.#require(runId, attempt, proposalId);
      if (isSettled(state)) return;
      const current = await this.#rebased(runId, attempt, state);
      await othersTurn();
      if (current !== state) this.#save(runId, attempt, current, 'rebased');
      this.#settleGate(runId, attempt, proposalId);
    });
  }

  /** As {@link refresh}, for every undecided proposal of this path in the current attempts of `runIds`. */
  async refreshPath(path: string, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      for (const { attempt, state } of this.latest(runId)) {
        if (state.path === path || state.from === path) await this.refresh(runId, attempt, state.id);
      }
    }
  }

  // --- Deciding --------------------------------------------------------------------------------

  /** @throws PlanwrightError DRIFT | READ_ONLY; the hunk is then still pending */
  accept(runId: string, attempt: number, proposalId: string, hunkId: string, by: string): Promise<void> {
    return this.#accept(runId, attempt, proposalId, by, (state, current) => acceptHunk(state, hunkId, current));
  }

  /** Accepts every pending hunk of a proposal that is not in conflict. */
  acceptAll(runId: string, attempt: number, proposalId: string, by: string): Promise<void> {
    return this.#accept(runId, attempt, proposalId, by, acceptAll);
  }

  /** @param reason in the developer's words, for the record and the next run */
  reject(
    runId: string,
    attempt: number,
    proposalId: string,
    hunkId: string,
    by: string,
    reason?: string,
  ): Promise<void> {
    return this.#change(runId, attempt, proposalId, 'rejected', (state) => rejectHunk(state, hunkId), by, reason);
  }

  rejectAll(runId: string, attempt: number, proposalId: string, by: string): Promise<void> {
    return this.#change(runId, attempt, proposalId, 'rejected', rejectAll, by);
  }

  resolve(
    runId: string,
    attempt: number,
    proposalId: string,
    hunkId: string,
    side: 'proposed' | 'current',
    by: string,
  ): Promise<void> {
    const because = side === 'current' ? 'rejected' : 'rebased';
    return this.#change(runId, attempt, proposalId, because, (state) => resolveConflict(state, hunkId, side), by);
  }

  /**
   * Takes back the decision on a hunk: it is pending again, and the lines of an accepted one leave the file.
   * @throws PlanwrightError DRIFT when its lines were changed since; NOT_FOUND when there is no decision to take back
   */
  undo(runId: string, attempt: number, proposalId: string, hunkId: string, by: string): Promise<void> {
    const versions = this.versionsAround(runId, attempt, proposalId, hunkId);
    const decide = (state: ReviewState, current: string | null) => undoDecision(state, hunkId, versions, current);
    return this.#accept(runId, attempt, proposalId, by, decide, 'undone');
  }

  /** The versions of a proposal on either side of the last decision on a hunk. @throws PlanwrightError NOT_FOUND */
  versionsAround(runId: string, attempt: number, proposalId: string, hunkId: string): DecisionVersions {
    const versions = this.#store.edits.proposalVersions(runId, attempt, proposalId) as ReviewState[];
    const at = versions.findLastIndex(({ hunks }) =>
      hunks.some((hunk) => hunk.id === hunkId && hunk.decision === 'pending'),
    );
    const [before, after] = [versions[at], versions[at + 1]];
    if (before && after) return { before, after };
    throw new PlanwrightError('NOT_FOUND', `There is no decision on ${hunkId} to take back.`);
  }

  // --- Recovering ------------------------------------------------------------------------------

  /** After a crash: finishes what reached the file, drops what did not, and closes the gates of settled proposals. */
  async recover(runId: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#recoverEdits(runId);
      for (const { attempt, state } of this.latest(runId)) this.#settleGate(runId, attempt, state.id);
    });
  }

  dispose(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  async #recoverEdits(runId: string): Promise<void> {
    for (const { id, attempt, intent: stored } of this.#store.edits.pendingEdits(runId)) {
      const intent = stored as Intent;
      const anothers = intent.owner !== this.#owner.id && this.#owner.isAlive(intent.owner);
      if (!anothers) await this.#recoverEdit(runId, attempt, id, intent);
    }
  }

  async #recoverEdit(runId: string, attempt: number, id: string, intent: Intent): Promise<void> {
    await this.#workspace.cleanUp(intent.change);
    const file = await this.#workspace.read(intent.change.path).catch(() => null);
    const hash = file?.hash ?? ABSENT;
    // A file that was only moved has the text of before: whether it was is told by its old path.
    const isMoved =
      intent.change.action === 'rename' && !(await this.#workspace.read(intent.change.from).catch(() => null));
    if (hash === intent.after && (hash !== intent.before || isMoved)) this.#finish(runId, attempt, id, intent);
    else this.#store.edits.finishEdit(runId, attempt, id, 'failed');
  }

  #accept(
    runId: string,
    attempt: number,
    proposalId: string,
    by: string,
    decide: Deciding,
    because: 'accepted' | 'undone' = 'accepted',
  ): Promise<void> {
    return this.#inTurn(async () => {
      await this.#beforeWrite(runId, attempt);
      const next = await this.#asNewest(runId, attempt, proposalId, (state) =>
        this.#acceptOnce(runId, attempt, state, by, decide, because),
      );
      this.#settleGate(runId, attempt, proposalId, next);
      await othersTurn();
      await this.#refreshOthers(runId, attempt, next);
    });
  }

  /** False when another process was quicker; nothing is written then. */
  async #acceptOnce(
    runId: string,
    attempt: number,
    state: ReviewState,
    by: string,
    decide: Deciding,
    because: 'accepted' | 'undone',
  ): Promise<ReviewState | false> {
    const source = sourceOf(state);
    const file = await this.#workspace.read(source);
    await othersTurn();
    const next = decide(state, file?.text ?? null);
    await othersTurn();
    const change = changeOf(state, next.state, source, file, next.fileText);
    const hunkIds = decidedIn(state, next.state);
    if (!change) return this.#save(runId, attempt, next.state, because, hunkIds, by) && next.state;
    const intent: Intent = {
      change,
      before: file?.hash ?? ABSENT,
      after: next.fileText === null ? ABSENT : textHash(next.fileText),
      state: next.state,
      hunkIds,
      because,
      by,
      owner: this.#owner.id,
    };
    const id = `${state.id}@${next.state.version}`;
    const begun = this.#store.atomically(() => {
      const isNewest = this.#store.edits.latestVersion(runId, attempt, state.id) === state.version;
      if (!isNewest || !this.#store.edits.beginEdit(runId, attempt, { id, proposalId: state.id, intent })) return false;
      // Before it is written: whoever sees the change finds that it is ours.
      this.#store.own.wrote(change.path, intent.after, runId, by);
      if (change.action === 'rename') this.#store.own.wrote(change.from, ABSENT, runId, by);
      return true;
    }, 'machine');
    if (!begun) {
      await this.#recoverEdits(runId);
      return false;
    }
    try {
      await this.#workspace.apply(change);
    } catch (error) {
      this.#store.edits.finishEdit(runId, attempt, id, 'failed');
      throw error;
    }
    await othersTurn();
    this.#finish(runId, attempt, id, intent);
    return next.state;
  }

  /** The file has it: so has the journal, all of it or nothing. */
  #finish(runId: string, attempt: number, id: string, { state, because, hunkIds, by }: Intent): void {
    this.#store.atomically(() => {
      this.#store.edits.finishEdit(runId, attempt, id, 'done');
      this.#save(runId, attempt, state, because, hunkIds, by);
    }, 'machine');
  }

  #change(
    runId: string,
    attempt: number,
    proposalId: string,
    because: ProposalChange,
    change: (state: ReviewState) => ReviewState,
    by?: string,
    reason?: string,
  ): Promise<void> {
    return this.#inTurn(async () => {
      const next = await this.#asNewest(runId, attempt, proposalId, async (state) => {
        const changed = change(state);
        if (changed === state) return state;
        await othersTurn();
        const hunkIds = by === undefined ? [] : decidedIn(state, changed);
        return this.#save(runId, attempt, changed, because, hunkIds, by ?? '', reason) && changed;
      });
      this.#settleGate(runId, attempt, proposalId, next);
      await othersTurn();
      await this.#refreshOthers(runId, attempt, next);
    });
  }

  /** Does `work` on the newest version; once more when it answers false because there is a newer one by now. */
  async #asNewest(
    runId: string,
    attempt: number,
    proposalId: string,
    work: (state: ReviewState) => Promise<ReviewState | false>,
  ): Promise<ReviewState> {
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const state = this.#require(runId, attempt, proposalId);
      await othersTurn();
      const done = await work(state);
      if (done) return done;
    }
    throw new PlanwrightError('RUN_BUSY', 'Another window is deciding about this file at this moment.', {
      hint: 'Look at what it decided, then decide the rest.',
      retryable: true,
    });
  }

  /**
   * The proposal on the file as it is. One that stands on lines of an earlier task's undecided proposal cannot
   * be brought onto the file alone: it stays on what it was made of until that one is decided.
   */
  async #rebased(runId: string, attempt: number, state: ReviewState): Promise<ReviewState> {
    const file = await this.#workspace.read(sourceOf(state));
    await othersTurn();
    const changes = await diffHunksInSlices(state.base.text, file?.text ?? '');
    await othersTurn();
    const rebased = rebaseOnto(state, file?.text ?? null, changes);
    if (rebased.conflicts.length <= state.conflicts.length) return rebased;
    const all = this.list(runId, attempt);
    const earlier = all.slice(
      0,
      Math.max(
        0,
        all.findIndex(({ id }) => id === state.id),
      ),
    );
    return earlier.some((other) => other.path === state.path && !isSettled(other)) ? state : rebased;
  }

  /** After a decision: what stands on the same file may fit now. */
  async #refreshOthers(runId: string, attempt: number, decided: ReviewState): Promise<void> {
    for (const state of this.list(runId, attempt)) {
      if (state.id === decided.id || state.path !== decided.path || isSettled(state)) continue;
      const current = await this.#rebased(runId, attempt, state);
      const lost = current.conflicts.length > state.conflicts.length;
      const gate = lost && (state.ripples ?? 0) < MAX_RIPPLES ? this.#gateOf(runId, attempt, state.id) : undefined;
      const next = gate ? { ...current, ripples: (state.ripples ?? 0) + 1 } : current;
      if (next !== state) this.#save(runId, attempt, next, 'rebased');
      if (gate) this.#store.recordDecision(runId, attempt, gate.id, makeAnew(next, decided));
      else this.#settleGate(runId, attempt, state.id);
    }
  }

  #gateOf(runId: string, attempt: number, proposalId: string): Gate | undefined {
    return this.#store.openGates(runId, attempt).find((gate) => gate.proposalId === proposalId);
  }

  /** Stores a new version and what was decided in it. False when there is a newer one already; nothing is written then. */
  #save(
    runId: string,
    attempt: number,
    state: ReviewState,
    because: ProposalChange,
    hunkIds: readonly string[] = [],
    by = '',
    reason?: string,
  ): boolean {
    return this.#store.atomically(
      () => {
        if (!this.#store.edits.putProposal(runId, attempt, state)) return false;
        const event = { type: 'proposal.updated', proposal: summarize(state), because } as const;
        this.#store.appendEvent(runId, attempt, event, `proposal:${state.id}@${state.version}`);
        for (const hunkId of hunkIds) {
          const decision = state.hunks.find(({ id }) => id === hunkId)?.decision ?? 'superseded';
          const about = { proposalId: state.id, hunkId, decision, by, ...(reason ? { reason } : {}) };
          const decided = { type: 'hunk.decided', ...about } as const;
          this.#store.appendEvent(runId, attempt, decided, `hunk:${hunkId}@${state.version}`);
        }
        queueMicrotask(() => this.#tell(runId, attempt, state)); // Once it is committed.
        return true;
      },
      hunkIds.length > 0 ? 'machine' : 'process',
    );
  }

  /** A proposal with nothing left to decide answers the gate that waits for it. */
  #settleGate(runId: string, attempt: number, proposalId: string, state = this.find(runId, attempt, proposalId)): void {
    if (!state || !isSettled(state)) return;
    for (const gate of this.#store.openGates(runId, attempt)) {
      if (gate.proposalId === proposalId)
        this.#store.recordDecision(runId, attempt, gate.id, { choice: 'settled', by: 'developer' });
    }
  }

  #pendingOf(runId: string, attempt: number, taskIds: readonly string[]): ReviewState[] {
    const all = this.list(runId, attempt).filter((state) => !isSettled(state));
    return taskIds.flatMap((taskId) => all.filter((state) => state.taskId === taskId));
  }

  #require(runId: string, attempt: number, proposalId: string): ReviewState {
    const state = this.find(runId, attempt, proposalId);
    if (state) return state;
    throw new PlanwrightError('NOT_FOUND', `There is no proposal ${proposalId} in this run.`, {
      hint: 'It may belong to an attempt that was restarted; open it from the sidebar.',
    });
  }

  #tell(runId: string, attempt: number, state: ReviewState): void {
    for (const listener of this.#listeners) listener({ runId, attempt, state });
  }

  /** One change at a time, in the order asked for; a failed one does not stop the next. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** A long file is worked on in pieces: whatever else is to be done has its turn between them. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Hunks that were decided, or whose decision was taken back. */
function decidedIn(before: ReviewState, after: ReviewState): string[] {
  const known = new Map(before.hunks.map(({ id, decision }) => [id, decision]));
  const turned = after.hunks.filter(({ id, decision }) => known.has(id) && known.get(id) !== decision);
  return turned.filter(({ id, decision }) => decision === 'pending' || known.get(id) === 'pending').map(({ id }) => id);
}

/** Where the file of a proposal is now. */
function sourceOf(state: ReviewState): string {
  return state.action === 'rename' && state.from && !isMoved(state) ? state.from : state.path;
}

/** A rename whose move was accepted: the file is at its new path already. */
function isMoved(state: ReviewState): boolean {
  return state.action === 'rename' && state.hunks[0]?.decision === 'accepted';
}

function changeOf(
  before: ReviewState,
  after: ReviewState,
  source: string,
  file: FileSnapshot | null,
  text: string | null,
): FileChange | undefined {
  if (before.action === 'rename' && !isMoved(before) && isMoved(after) && file) {
    return { action: 'rename', from: source, path: before.path, text: text ?? file.text, expectedHash: file.hash };
  }
  if (text === null) return file ? { action: 'delete', path: source, expectedHash: file.hash } : undefined;
  if (!file) return { action: 'create', path: before.path, text };
  if (file.text === text) return undefined;
  return { action: 'modify', path: source, text, expectedHash: file.hash };
}
