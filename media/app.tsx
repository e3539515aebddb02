import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Environment } from '../src/protocol.ts';
import type { RunView } from '../src/workflow/runState.ts';
import { Attention } from './attention.tsx';
import { EditsTab } from './edits/editsTab.tsx';
import { EmptyState } from './emptyState.tsx';
import { type Go, GoContext, type Target } from './go.ts';
import { Header } from './header.tsx';
import { t } from './l10n.ts';
import { Missing } from './missing.tsx';
import type { Linted, LiveText, PanelState, Revealed } from './panelState.ts';
import { type Draft, useDraft } from './plan/draft.ts';
import { PlanTab } from './plan/planTab.tsx';
import { ReportTab } from './report/reportTab.tsx';
import { ReviewTab } from './review/reviewTab.tsx';
import { useScrollPlace } from './scrollPlace.ts';
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
  const elsewhere = environment.elsewhere && !earlier;
  const running = (active || elsewhere) && view.endedAt === null && !view.paused;
  const [tab, setTab] = useState<TabName | null>(() => recall().tab);
  const [target, setTarget] = useState<Target | null>(null);
  const go: Go = useCallback((next, id) => {
    setTab(next);
    setTarget(id === undefined ? null : { id });
    remember({ tab: next });
  }, []);
  const shown = tab ?? suggestedTab(view);
  useScrollPlace(shown, target !== null || (shown === 'report' && revealed !== null));
  useEffect(() => {
    if (revealed !== null) go('report');
  }, [revealed]);
  const draft = useDraft(view, active, linted);
  const review = view.reviews.find(({ round }) => round === view.planRound)?.review;
  const badges = {
    ...(review === undefined ? {} : { review: String(review.score) }),
    ...(view.pendingHunks === 0 ? {} : { edits: String(view.pendingHunks) }),
  };
  return (
    <GoContext.Provider value={go}>
      <main data-run={view.runId}>
        <Header
          view={view}
          active={active}
          elsewhere={elsewhere}
          offset={offset}
          attempts={attempts}
          completion={completion}
        />
        {!earlier && <Attention view={view} active={active || elsewhere} shown={shown} showTab={go} />}
        <Tabs shown={shown} badges={badges} select={go}>
          <TabContent
            shown={shown}
            view={view}
            live={live}
            draft={draft}
            target={target}
            revealed={revealed}
            running={running}
            offset={offset}
          />
        </Tabs>
      </main>
    </GoContext.Provider>
  );
}

interface TabContentProps {
  readonly shown: TabName;
  readonly view: RunView;
  readonly live: readonly LiveText[];
  readonly draft: Draft | null;
  readonly target: Target | null;
  readonly revealed: Revealed | null;
  readonly running: boolean;
  readonly offset: number;
}

/** Each tab is drawn again only when what it shows has changed, not for every token that streams by. */
function TabContent({ shown, view, live, draft, target, revealed, running, offset }: TabContentProps) {
  return useMemo(() => {
    switch (shown) {
      case 'plan':
        return <PlanTab view={view} draft={draft} live={live} target={target} />;
      case 'review':
        return <ReviewTab view={view} />;
      case 'work':
        return <WorkTab view={view} live={live} running={running} offset={offset} />;
      case 'edits':
        return <EditsTab view={view} />;
      case 'report':
        return <ReportTab view={view} revealed={revealed} />;
    }
  }, [shown, target, revealed, running, ...shownParts(shown, view, live, draft)]);
}

/** What a tab depends on; always as many values, as hooks want them. */
function shownParts(shown: TabName, view: RunView, live: readonly LiveText[], draft: Draft | null): readonly unknown[] {
  return Array.from({ length: 10 }, (_, index) => partsOf(shown, view, live, draft)[index] ?? null);
}

function partsOf(shown: TabName, view: RunView, live: readonly LiveText[], draft: Draft | null): readonly unknown[] {
  switch (shown) {
    case 'plan':
      return [view.plan, view.plans, view.tasks, draft, view.plan === null && live];
    case 'review':
      return [view.reviews, view.refinements, view.planRound, view.plans, view.plan];
    case 'work':
      return [
        view.tasks,
        view.activity,
        view.retries,
        view.usageByAgent,
        live,
        view.checks,
        view.plan,
        view.phases,
        view.proofs,
        view.coverage,
      ];
    case 'edits':
      return [view.plan, view.proposals, view.changing, view.failedChanges, view.checks, view.proofs];
    case 'report':
      // What the report tells is a function of most of the run.
      return [view];
  }
}

/** Until the developer picks a tab, the one where something happens. */
function suggestedTab(view: RunView): TabName {
  if (view.status === 'completed') return 'report';
  if (view.pendingHunks > 0) return 'edits';
  if (view.phases.implementation.state !== 'pending' || view.plan === null) return 'work';
  return 'plan';
}
