import type { RunView } from '../workflow/runState.ts';

/** Decides what a run asks, in place of the editor's buttons. */
export interface Decider {
  /**
   * Takes at most one decision. 'acted' when there may be more to decide, 'idle' when there is nothing it can
   * decide now, 'quit' when the developer wants to leave.
   * @param ended aborts when the run has ended: what is being asked is void then
   */
  act(view: RunView, ended: AbortSignal): Promise<'acted' | 'idle' | 'quit'>;
  /** Why a proposal with pending hunks was left alone, where there is more to say than that nobody decided it. */
  reason(proposalId: string): string | undefined;
}

/** The proposals that somebody may decide: their hunks are pending and no agent is at work on them. */
export function decidable(view: RunView): ReadonlySet<string> {
  return new Set(
    view.proposals
      .filter(({ id, hunks }) => !view.changing.includes(id) && hunks.some(({ decision }) => decision === 'pending'))
      .map(({ id }) => id),
  );
}
