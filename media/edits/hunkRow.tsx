import { MADE_ANEW } from '../../src/workflow/edits/ripple.ts';
import type { HunkSummary } from '../../src/workflow/engine/events.ts';
import type { FailedChange } from '../../src/workflow/runState.ts';
import { Chip, RequirementChips } from '../chips.tsx';
import { decisionLooks, Icon } from '../icon.tsx';
import { t, told, toldIfOurs } from '../l10n.ts';
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
    <li class="hunk" data-testid={`hunk-${hunk.id}`} data-decision={hunk.decision}>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <div>
        <div class="chips">
          <button
            type="button"
            class="link"
            onClick={() => post({ type: 'openProposal', proposalId, hunkId: hunk.id })}
          >
            {t('line {0}', String(line))}
          </button>
          <span class="counts">
            <span class="tone-added">+{hunk.added}</span> <span class="tone-removed">−{hunk.removed}</span>
          </span>
          <RequirementChips ids={hunk.requirementIds} texts={texts} />
          {hunk.requirementIds.length === 0 && <Chip text={t('serves no requirement')} tone="warn" icon="warning" />}
          {hunk.conflict === true && (
            <Chip
              text={t('conflict')}
              tone="bad"
              icon="git-merge"
              title={t('The file has changed since; this hunk cannot be applied as it is')}
            />
          )}
          {(hunk.decision === 'accepted' || hunk.decision === 'rejected') && (
            <button
              type="button"
              class="link"
              data-testid="undo-decision"
              title={
                hunk.decision === 'accepted' ? t('Take its lines out of the file and decide again') : t('Decide again')
              }
              onClick={() => post({ type: 'undoDecision', proposalId, hunkId: hunk.id })}
            >
              {t('Undo')}
            </button>
          )}
        </div>
        {hunk.why !== '' && <div>{inline(toldIfOurs(hunk.why))}</div>}
        {hunk.feedback !== undefined && (
          <div class="quiet">
            {hunk.feedback === MADE_ANEW ? told(hunk.feedback) : t('You asked: {0}', hunk.feedback)}
          </div>
        )}
        {failure !== undefined && (
          <div class="tone-bad">
            {t('The change you asked for was not made:')} {told(failure.error.message)}{' '}
            {failure.error.hint && told(failure.error.hint)}
          </div>
        )}
      </div>
    </li>
  );
});
