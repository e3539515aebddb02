import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Environment } from '../src/protocol.ts';
import type { RunView } from '../src/workflow/runState.ts';
import { Attention } from './attention.tsx';
import { EditsTab } from './edits/editsTab.tsx';
import { EmptyState } from './emptyState.tsx';
import { Header } from './header.tsx';
import { t } from './l10n.ts';
import { Missing } from './missing.tsx';
import type { Linted, LiveText, PanelState, Revealed } from './panelState.ts';
import { type Draft, useDraft } from './plan/draft.ts';
import { PlanTab } from './plan/planTab.tsx';
import { ReportTab } from './report/reportTab.tsx';
import { ReviewTab } from './review/reviewTab.tsx';
import { Tabs } from './tabs.tsx';
import { recall, remember, type TabName } from './vscode.ts';
import { WorkTab } from './work/workTab.tsx';

export function App({ state }: { state: PanelState }) {
  const { view, environment, runId } = state;
  if (environment === null) return null;
  if (runId === null) return <EmptyState environment={environment} />;
  if (view === null) return <Missing icon="loading" text={t('Reading the run…')} />;
  return (
    <RunPage
      key={runId}
      view={view}
      environment={environment}
      offset={state.clockOffset}
      live={state.live}
      linted={state.linted}
      revealed={state.revealed}
    />
  );
}

interface RunPageProps {
  readonly view: RunView;
  readonly environment: Environment;
  readonly offset: number;
  readonly live: readonly LiveText[];
  readonly linted: Linted | null;
  readonly revealed: Revealed | null;
}

function RunPage({ view, environment, offset, live, linted, revealed }: RunPageProps) {
  const { attempts, completion } = environment;
  const earlier = view.attempt < (attempts.at(-1) ?? view.attempt);
  const active = environment.active && !earlier;
  const [tab, setTab] = useState<TabName | null>(() => {
    const remembered = recall();
    return remembered.runId === view.runId ? remembered.tab : null;
  });
  const select = (next: TabName) => {
    setTab(next);
    remember({ runId: view.runId, tab: next });
  };
  const shown = tab ?? suggestedTab(view);
  useEffect(() => {
    if (revealed !== null) select('report');
  }, [revealed]);
  const draft = useDraft(view, active, linted);
  const review = view.reviews.find(({ round }) => round === view.planRound)?.review;
  const badges = {
    ...(review === undefined ? {} : { review: String(review.score) }),
    ...(view.pendingHunks === 0 ? {} : { edits: String(view.pendingHunks) }),
  };
  return (
    <main>
      <Header view={view} active={active} offset={offset} attempts={attempts} completion={completion} />
      {!earlier && <Attention view={view} active={active} showTab={select} />}
      <Tabs shown={shown} badges={badges} select={select}>
        <TabContent shown={shown} view={view} live={live} draft={draft} revealed={revealed} />
      </Tabs>
    </main>
  );
}

interface TabContentProps {
  readonly shown: TabName;
  readonly view: RunView;
  readonly live: readonly LiveText[];
  readonly draft: Draft | null;
  readonly revealed: Revealed | null;
}

/** Each tab is drawn again only when what it shows has changed, not for every token that streams by. */
function TabContent({ shown, view, live, draft, revealed }: TabContentProps) {
  return useMemo(() => {
    switch (shown) {
      case 'plan':
        return <PlanTab view={view} draft={draft} live={live} />;
      case 'review':
        return <ReviewTab view={view} />;
      case 'work':
        return <WorkTab view={view} live={live} />;
      case 'edits':
        return <EditsTab view={view} />;
      case 'report':
        return <ReportTab view={view} revealed={revealed} />;
    }
  }, [shown, revealed, ...shownParts(shown, view, live, draft)]);
}

/** What a tab depends on; always eight values, as hooks want them. */
function shownParts(shown: TabName, view: RunView, live: readonly LiveText[], draft: Draft | null): readonly unknown[] {
  switch (shown) {
    case 'plan':
      return [view.plan, view.plans, view.tasks, draft, view.plan === null && live, null, null, null];
    case 'review':
      return [view.reviews, view.refinements, view.planRound, null, null, null, null, null];
    case 'work':
      return [
        view.tasks,
        view.activity,
        view.retries,
        view.usageByAgent,
        live,
        view.checks,
        view.proofs,
        view.coverage,
      ];
    case 'edits':
      return [view.plan, view.proposals, view.changing, view.failedChanges, view.checks, view.proofs, null, null];
    case 'report':
      return [view, null, null, null, null, null, null, null]; // Nearly every event says something that is in it.
  }
}

/** Until the developer picks a tab, the one where something happens. */
function suggestedTab(view: RunView): TabName {
  if (view.status === 'completed') return 'report';
  if (view.pendingHunks > 0) return 'edits';
  if (view.phases.implementation.state !== 'pending' || view.plan === null) return 'work';
  return 'plan';
}
