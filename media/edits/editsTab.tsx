import { useMemo } from 'preact/hooks';
import { checkMark } from '../../src/workflow/checks/mark.ts';
import type { ProposalSummary } from '../../src/workflow/engine/events.ts';
import type { FailedChange, RunView } from '../../src/workflow/runState.ts';
import { plural, t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import { post } from '../vscode.ts';
import { CheckNote } from './checkNote.tsx';
import { ProposalCard } from './proposalCard.tsx';

type EditsView = Pick<
  RunView,
  'plan' | 'proposals' | 'changing' | 'failedChanges' | 'pendingHunks' | 'checks' | 'proofs'
>;

/** More proposals than this start folded, so that the first look at a large run is quick. */
const openAtMost = 40;
const noFailures: readonly FailedChange[] = [];

export function EditsTab({ view }: { view: EditsView }) {
  const { plan, proposals, changing, failedChanges, pendingHunks } = view;
  const texts = useMemo(() => new Map(plan?.requirements.map(({ id, text }) => [id, text])), [plan]);
  const failures = useMemo(() => Map.groupBy(failedChanges, ({ proposalId }) => proposalId), [failedChanges]);
  if (proposals.length === 0)
    return <Missing icon="diff" text={t('Proposed edits appear here. No file changes until you accept one.')} />;
  const all = proposals.reduce((sum, { hunks }) => sum + hunks.length, 0);
  return (
    <>
      <p class="quiet">
        {pendingHunks === 0
          ? t('All hunks decided: {0} in {1}.', all, files(proposals.length))
          : t('{0} of {1} hunks to decide, in {2}.', pendingHunks, all, files(proposals.length))}
      </p>
      {pendingHunks > 0 && <Pending />}
      {byTask(proposals).map(([taskId, own]) => (
        <section key={taskId}>
          <h3>
            <span class="task-id">{taskId}</span> {plan?.tasks.find(({ id }) => id === taskId)?.title}
          </h3>
          <CheckNote mark={checkMark(view, taskId)} />
          {own.length > 1 && own.some(isPending) && <Pending taskId={taskId} />}
          {own.map((proposal) => (
            <ProposalCard
              key={proposal.id}
              proposal={proposal}
              texts={texts}
              failures={failures.get(proposal.id) ?? noFailures}
              changing={changing.includes(proposal.id)}
              openAtFirst={
                proposals.length <= openAtMost && proposal.hunks.some(({ decision }) => decision === 'pending')
              }
            />
          ))}
        </section>
      ))}
    </>
  );
}

function files(n: number): string {
  return plural(n, t('{0} file', n), t('{0} files', n));
}

/** What can be done with all that is pending, of a task or of the run. */
function Pending({ taskId }: { taskId?: string }) {
  const act = (what: 'open' | 'accept' | 'reject') => () =>
    post({ type: 'pending', act: what, ...(taskId === undefined ? {} : { taskId }) });
  return (
    <div class="buttons">
      <button type="button" class="secondary" onClick={act('open')} data-testid={`pending-open${taskId ?? ''}`}>
        {taskId === undefined ? t('Open all') : t('Open all of {0}', taskId)}
      </button>
      <button type="button" class="secondary" onClick={act('accept')} data-testid={`pending-accept${taskId ?? ''}`}>
        {taskId === undefined ? t('Accept all…') : t('Accept all of {0}…', taskId)}
      </button>
      <button type="button" class="secondary" onClick={act('reject')} data-testid={`pending-reject${taskId ?? ''}`}>
        {taskId === undefined ? t('Reject all…') : t('Reject all of {0}…', taskId)}
      </button>
    </div>
  );
}

function isPending({ hunks }: ProposalSummary): boolean {
  return hunks.some(({ decision }) => decision === 'pending');
}

/** Tasks in number order, the files of each by path. */
function byTask(proposals: readonly ProposalSummary[]): readonly (readonly [string, readonly ProposalSummary[]])[] {
  const groups = Map.groupBy(proposals, ({ taskId }) => taskId);
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([taskId, own]) => [taskId, own.toSorted((a, b) => (a.path < b.path ? -1 : 1))]);
}
