import { MADE_ANEW } from '../../src/workflow/edits/ripple.ts';
import type { HunkSummary } from '../../src/workflow/engine/events.ts';
import type { FailedChange } from '../../src/workflow/runState.ts';
import { Chip, RequirementChips } from '../chips.tsx';
import { decisionLooks, Icon } from '../icon.tsx';
import { memo } from '../memo.ts';
import { inline } from '../prose.tsx';
import { post } from '../vscode.ts';

export interface HunkRowProps {
  readonly proposalId: string;
  readonly hunk: HunkSummary;
  readonly texts: ReadonlyMap<string, string>;
  readonly failure: FailedChange | undefined;
}

/** One hunk: what it changes, for which requirement, why, and what became of it. */
export const HunkRow = memo(({ proposalId, hunk, texts, failure }: HunkRowProps) => {
  const look = decisionLooks[hunk.decision];
  const line = hunk.newRange.start + 1;
  return (
    <li class="hunk long-list-item" data-testid={`hunk-${hunk.id}`} data-decision={hunk.decision}>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <div>
        <div class="chips">
          <button
            type="button"
            class="link"
            onClick={() => post({ type: 'openProposal', proposalId, hunkId: hunk.id })}
          >
            line {line}
          </button>
          <span class="counts">
            <span class="tone-added">+{hunk.added}</span> <span class="tone-removed">−{hunk.removed}</span>
          </span>
          <RequirementChips ids={hunk.requirementIds} texts={texts} />
          {hunk.requirementIds.length === 0 && <Chip text="serves no requirement" tone="warn" icon="warning" />}
          {hunk.conflict === true && (
            <Chip
              text="conflict"
              tone="bad"
              icon="git-merge"
              title="The file has changed since; this hunk cannot be applied as it is"
            />
          )}
          {(hunk.decision === 'accepted' || hunk.decision === 'rejected') && (
            <button
              type="button"
              class="link"
              data-testid="undo-decision"
              title={hunk.decision === 'accepted' ? 'Take its lines out of the file and decide again' : 'Decide again'}
              onClick={() => post({ type: 'undoDecision', proposalId, hunkId: hunk.id })}
            >
              Undo
            </button>
          )}
        </div>
        {hunk.why !== '' && <div>{inline(hunk.why)}</div>}
        {hunk.feedback !== undefined && (
          <div class="quiet">{hunk.feedback === MADE_ANEW ? hunk.feedback : `You asked: ${hunk.feedback}`}</div>
        )}
        {failure !== undefined && (
          <div class="tone-bad">
            The change you asked for was not made: {failure.error.message} {failure.error.hint}
          </div>
        )}
      </div>
    </li>
  );
});
