import type { ProposalBook } from '../workflow/edits/proposalBook.ts';
import { isSettled } from '../workflow/edits/review.ts';
import type { ReviewState } from '../workflow/edits/reviewState.ts';
import type { Decision } from '../workflow/engine/events.ts';
import { asPlanwrightError } from '../workflow/errors.ts';
import { type Decider, decidable } from './decider.ts';
import { isDangerousHere } from './node/dangerousHere.ts';
import type { NodeWorkspace } from './node/nodeWorkspace.ts';

/** What decides in a developer's place works on. */
export interface Deciding {
  readonly workspace: NodeWorkspace;
  readonly book: ProposalBook;
  readonly runner: { decide(id: string, gateId: string, decision: Decision): unknown };
}

/**
 * Decides without asking anybody. `all` approves the plan and accepts every hunk, except of files that
 * can run code; `none` approves the plan only; `ask` with nobody there leaves everything.
 * @param by who decides, for the record
 */
export function automatic(on: Deciding, id: string, accept: 'ask' | 'all' | 'none', by: string): Decider {
  /** Why a version of a proposal was left alone. */
  const left = new Map<string, { readonly version: number; readonly why: string | undefined }>();

  /** True when something was accepted. */
  const acceptOne = async (state: ReviewState, attempt: number): Promise<boolean> => {
    const leave = (why: string | undefined) => {
      left.set(state.id, { version: state.version, why });
      return false;
    };
    try {
      if (await isDangerousHere(on.workspace, state)) return leave('can run code or steer tools when it changes');
      const inConflict = new Set(state.conflicts.map(({ hunkId }) => hunkId));
      const open = state.hunks.filter(({ decision }) => decision === 'pending');
      if (open.every(({ id: hunkId }) => inConflict.has(hunkId))) return leave('the file has changed on these lines');
      await on.book.acceptAll(id, attempt, state.id, by);
      return true;
    } catch (thrown) {
      return leave(asPlanwrightError(thrown).message);
    }
  };

  return {
    async act(view) {
      const approval = view.openGates.find(({ kind }) => kind === 'plan-approval');
      if (approval && accept !== 'ask') {
        on.runner.decide(id, approval.id, { choice: 'approve', by });
        return 'acted';
      }
      if (accept !== 'all') return 'idle';
      const open = decidable(view);
      for (const { attempt, state } of on.book.latest(id)) {
        if (isSettled(state) || !open.has(state.id) || left.get(state.id)?.version === state.version) continue;
        if (await acceptOne(state, attempt)) return 'acted';
      }
      return 'idle';
    },
    reason: (proposalId) => left.get(proposalId)?.why,
  };
}
