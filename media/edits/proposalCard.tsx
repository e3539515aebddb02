import { useId } from 'preact/hooks';
import type { ProposalSummary } from '../../src/workflow/engine/events.ts';
import type { FailedChange } from '../../src/workflow/runState.ts';
import type { HunkDecision } from '../../src/workflow/schemas.ts';
import { actionLooks, Icon } from '../icon.tsx';
import { t } from '../l10n.ts';
import { memo } from '../memo.ts';
import { post } from '../vscode.ts';
import { HunkRow } from './hunkRow.tsx';

export interface ProposalCardProps {
  readonly proposal: ProposalSummary;
  readonly texts: ReadonlyMap<string, string>;
  readonly failures: readonly FailedChange[];
  readonly changing: boolean;
  /** Hunks of this decision only. */
  readonly shown: HunkDecision | 'all';
  /** Whether its hunks are shown. */
  readonly open: boolean;
  readonly toggle: (proposalId: string) => void;
}

/** What is proposed for one file. The hunks are drawn only while they are shown. */
export const ProposalCard = memo(({ proposal, texts, failures, changing, shown, open, toggle }: ProposalCardProps) => {
  const listId = useId();
  const hunks = proposal.hunks.filter(({ decision }) => shown === 'all' || decision === shown);
  const look = actionLooks[proposal.action];
  const pending = countOf(proposal, 'pending');
  return (
    <article class="card" data-testid={`proposal-${proposal.id}`} aria-label={proposal.path}>
      <div class="proposal-head">
        <button
          type="button"
          class="disclosure"
          aria-expanded={open}
          aria-controls={listId}
          onClick={() => toggle(proposal.id)}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          <Icon name={look.icon} tone={look.tone} label={look.label} />
          <span class="path">{proposal.path}</span>
        </button>
        <Counts proposal={proposal} />
        <span class="buttons">
          <button
            type="button"
            class="secondary"
            onClick={() => post({ type: 'openProposal', proposalId: proposal.id })}
          >
            {t('Open')}
          </button>
          {pending > 0 && <Decide proposal={proposal} />}
        </span>
      </div>
      {proposal.from !== undefined && <p class="quiet">{t('renamed from {0}', proposal.from)}</p>}
      {changing && (
        <p>
          <Icon name="loading" tone="active" /> {t('The agent is making the change you asked for.')}
        </p>
      )}
      <ul class="hunks" id={listId} hidden={!open}>
        {open &&
          hunks.map((hunk) => (
            <HunkRow
              key={hunk.id}
              proposalId={proposal.id}
              hunk={hunk}
              texts={texts}
              failure={failures.findLast(({ hunkId }) => hunkId === hunk.id)}
            />
          ))}
      </ul>
    </article>
  );
});

function Decide({ proposal: { id, path } }: { proposal: ProposalSummary }) {
  const decide = (decision: 'accept' | 'reject') => () => post({ type: 'decideProposal', proposalId: id, decision });
  return (
    <>
      <button type="button" class="secondary" aria-label={t('Accept file {0}', path)} onClick={decide('accept')}>
        {t('Accept file')}
      </button>
      <button type="button" class="secondary" aria-label={t('Reject file {0}', path)} onClick={decide('reject')}>
        {t('Reject file')}
      </button>
    </>
  );
}

const counted: readonly (readonly [HunkDecision, string])[] = [
  ['pending', 'tone-warn'],
  ['accepted', 'tone-good'],
  ['rejected', 'tone-bad'],
];

function Counts({ proposal }: { proposal: ProposalSummary }) {
  const counts = counted
    .map(([decision, tone]) => ({ decision, tone, n: countOf(proposal, decision) }))
    .filter(({ n }) => n > 0);
  return (
    <span class="counts">
      {counts.map(({ decision, tone, n }) => (
        <span key={decision} class={tone}>
          {numberOf(decision, n)}
        </span>
      ))}
    </span>
  );
}

function numberOf(decision: HunkDecision, n: number): string {
  switch (decision) {
    case 'pending':
      return t('{0} pending', n);
    case 'accepted':
      return t('{0} accepted', n);
    case 'rejected':
      return t('{0} rejected', n);
    case 'superseded':
      return t('{0} superseded', n);
  }
}

function countOf({ hunks }: ProposalSummary, decision: HunkDecision): number {
  return hunks.reduce((sum, hunk) => (hunk.decision === decision ? sum + 1 : sum), 0);
}
