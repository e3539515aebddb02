import { useCallback, useMemo } from 'preact/hooks';
import { checkMark } from '../../src/workflow/checks/mark.ts';
import type { ProposalSummary } from '../../src/workflow/engine/events.ts';
import type { FailedChange, RunView } from '../../src/workflow/runState.ts';
import type { HunkDecision } from '../../src/workflow/schemas.ts';
import { Choices } from '../choices.tsx';
import { FilterBox } from '../filterBox.tsx';
import { useGo } from '../go.ts';
import { aText, kept, oneOf, texts as readTexts, useKept } from '../kept.ts';
import { plural, t } from '../l10n.ts';
import { LongList } from '../longList.tsx';
import { Missing } from '../missing.tsx';
import { post } from '../vscode.ts';
import { CheckNote } from './checkNote.tsx';
import { type EditRow, type Grouping, rowsOf } from './editRows.ts';
import { ProposalCard } from './proposalCard.tsx';

type EditsView = Pick<
  RunView,
  'plan' | 'proposals' | 'changing' | 'failedChanges' | 'pendingHunks' | 'checks' | 'proofs'
>;
type Shown = HunkDecision | 'all';

/** Fewer files need no filter. */
const filterFrom = 8;
/** A file with more hunks than this starts folded. */
const openAtMost = 60;
/** Files that were folded open or shut by hand. */
const noneTurned: readonly string[] = [];
const noFailures: readonly FailedChange[] = [];

export function EditsTab({ view }: { view: EditsView }) {
  const { plan, proposals, changing, failedChanges, pendingHunks } = view;
  const [by, setBy] = useKept<Grouping>('edits.by', 'task', oneOf('task', 'file'));
  const [shown, setShown] = useKept<Shown>('edits.shown', 'all', oneOf('all', 'pending', 'accepted', 'rejected'));
  const [find, setFind] = useKept('edits.filter', '', aText);
  const [turned, setTurned] = useKept<readonly string[]>('edits.turned', noneTurned, readTexts);
  const toggled = useMemo(() => new Set(turned), [turned]);
  const texts = useMemo(() => new Map(plan?.requirements.map(({ id, text }) => [id, text])), [plan]);
  const titles = useMemo(() => new Map(plan?.tasks.map(({ id, title }) => [id, title])), [plan]);
  const failures = useMemo(() => Map.groupBy(failedChanges, ({ proposalId }) => proposalId), [failedChanges]);
  const { all, counts } = useMemo(() => countHunks(proposals), [proposals]);
  const filtered = useMemo(() => filterProposals(proposals, find, shown), [proposals, find, shown]);
  const rows = useMemo(() => rowsOf(filtered, by), [filtered, by]);
  const isOpen = (proposal: ProposalSummary) =>
    toggled.has(proposal.id) !== (isPending(proposal) && proposal.hunks.length <= openAtMost);
  // Always the same function, or every card would be drawn again at every turn.
  const toggle = useCallback(
    (id: string) => {
      const next = new Set(kept('edits.turned', readTexts) ?? noneTurned);
      if (!next.delete(id)) next.add(id);
      setTurned([...next]);
    },
    [setTurned],
  );
  if (proposals.length === 0)
    return <Missing icon="diff" text={t('Proposed edits appear here. No file changes until you accept one.')} />;
  return (
    <>
      <p class="quiet">
        {pendingHunks === 0
          ? t('All hunks decided: {0} in {1}.', all, files(proposals.length))
          : t('{0} of {1} hunks to decide, in {2}.', pendingHunks, all, files(proposals.length))}
      </p>
      <div class="edit-tools">
        <Choices<Shown>
          name="edits-shown"
          label={t('Edits shown')}
          value={shown}
          pick={setShown}
          choices={[
            { value: 'all', text: t('All {0}', all) },
            { value: 'pending', text: t('Pending {0}', counts.pending) },
            { value: 'accepted', text: t('Accepted {0}', counts.accepted) },
            { value: 'rejected', text: t('Rejected {0}', counts.rejected) },
          ]}
        />
        <Choices<Grouping>
          name="edits-by"
          label={t('Edits grouped')}
          value={by}
          pick={setBy}
          choices={[
            { value: 'task', text: t('By task') },
            { value: 'file', text: t('By file') },
          ]}
        />
        {proposals.length >= filterFrom && (
          <FilterBox
            label={t('Filter edits by path or task')}
            value={find}
            shown={filtered.length}
            all={proposals.length}
            set={setFind}
          />
        )}
      </div>
      {pendingHunks > 0 && <Pending />}
      {rows.length === 0 && <p class="quiet">{t('No edit is like that.')}</p>}
      <LongList
        label={t('Edits')}
        class="cards"
        items={rows}
        keyOf={({ key }) => key}
        height={(row) =>
          row.kind === 'heading' ? 64 : isOpen(row.proposal) ? 66 + 50 * row.proposal.hunks.length : 52
        }
        gap={8}
        draw={(row) =>
          row.kind === 'heading' ? (
            <Heading row={row} title={titles.get(row.taskId ?? '') ?? ''} view={view} />
          ) : (
            <ProposalCard
              proposal={row.proposal}
              shown={shown}
              texts={texts}
              failures={failures.get(row.proposal.id) ?? noFailures}
              changing={changing.includes(row.proposal.id)}
              open={isOpen(row.proposal)}
              toggle={toggle}
            />
          )
        }
      />
    </>
  );
}

interface HeadingProps {
  readonly row: Extract<EditRow, { kind: 'heading' }>;
  readonly title: string;
  readonly view: EditsView;
}

function Heading({ row, title, view }: HeadingProps) {
  const go = useGo();
  const { taskId, text, several } = row;
  if (taskId === null)
    return (
      <h3>
        <span class="path">{text}</span>
      </h3>
    );
  return (
    <>
      <h3>
        <button type="button" class="link task-id" title={t('Show in the plan')} onClick={() => go('plan', taskId)}>
          {taskId}
        </button>{' '}
        {title}
      </h3>
      <CheckNote mark={checkMark(view, taskId)} />
      {several && <Pending taskId={taskId} />}
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

function filterProposals(
  proposals: readonly ProposalSummary[],
  find: string,
  shown: Shown,
): readonly ProposalSummary[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return proposals.filter(({ path, taskId, hunks }) => {
    const text = `${path} ${taskId}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (shown === 'all' || hunks.some(({ decision }) => decision === shown))
    );
  });
}

function countHunks(proposals: readonly ProposalSummary[]) {
  const counts: Record<HunkDecision, number> = { pending: 0, accepted: 0, rejected: 0, superseded: 0 };
  let all = 0;
  for (const { hunks } of proposals)
    for (const { decision } of hunks) {
      counts[decision] += 1;
      all += 1;
    }
  return { all, counts };
}
