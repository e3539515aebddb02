import { isSettled, type ReviewState } from '../../workflow/edits/review.ts';
import { asPlanwrightError } from '../../workflow/errors.ts';
import { isDangerousHere } from './dangerousHere.ts';
import { type Decider, decidable } from './decider.ts';
import type { Engine } from './engine.ts';

/**
 * Decides without asking anybody. `--accept all` approves the plan and accepts every hunk, except of files that
 * can run code; `none` approves the plan only; `ask` with nobody there leaves everything.
 */
export function automatic(engine: Engine, id: string, accept: 'ask' | 'all' | 'none'): Decider {
  const by = `cli --accept ${accept}`;
  /** Why a version of a proposal was left alone. */
  const left = new Map<string, { readonly version: number; readonly why: string | undefined }>();

  /** True when something was accepted. */
  const acceptOne = async (state: ReviewState, attempt: number): Promise<boolean> => {
    const leave = (why: string | undefined) => {
      left.set(state.id, { version: state.version, why });
      return false;
    };
    try {
      if (await isDangerousHere(engine.workspace, state)) return leave('can run code or steer tools when it changes');
      const inConflict = new Set(state.conflicts.map(({ hunkId }) => hunkId));
      const open = state.hunks.filter(({ decision }) => decision === 'pending');
      if (open.every(({ id: hunkId }) => inConflict.has(hunkId))) return leave('the file has changed on these lines');
      await engine.book.acceptAll(id, attempt, state.id, by);
      return true;
    } catch (thrown) {
      return leave(asPlanwrightError(thrown).message);
    }
  };

  return {
    async act(view) {
      const approval = view.openGates.find(({ kind }) => kind === 'plan-approval');
      if (approval && accept !== 'ask') {
        engine.runner.decide(id, approval.id, { choice: 'approve', by });
        return 'acted';
      }
      if (accept !== 'all') return 'idle';
      const open = decidable(view);
      for (const { attempt, state } of engine.book.latest(id)) {
        if (isSettled(state) || !open.has(state.id) || left.get(state.id)?.version === state.version) continue;
        if (await acceptOne(state, attempt)) return 'acted';
      }
      return 'idle';
    },
    reason: (proposalId) => left.get(proposalId)?.why,
  };
}
