import type { DashboardData, WindowName } from '../../src/workflow/metrics/dashboardData.ts';
import { timeOfDay } from '../format.ts';
import { Icon } from '../icon.tsx';
import { Missing } from '../missing.tsx';
import { DaysChart } from './daysChart.tsx';
import { Figures } from './figures.tsx';
import { PhaseTable } from './phaseTable.tsx';
import { ScoreChart } from './scoreChart.tsx';
import { TokensChart } from './tokensChart.tsx';
import { UsageTable } from './usageTable.tsx';
import { post, windowNames, windowTitles } from './vscode.ts';

interface PageProps {
  readonly data: DashboardData | null;
  readonly shown: WindowName;
  readonly select: (window: WindowName) => void;
}

export function Page({ data, shown, select }: PageProps) {
  const current = data?.window === shown;
  return (
    <main class="dashboard" data-testid="dashboard" data-window={current ? shown : ''} aria-busy={!current}>
      <header class="top">
        <h1>Dashboard</h1>
        <WindowSwitch shown={shown} select={select} />
        <button type="button" onClick={() => post({ type: 'export' })} disabled={!current} data-testid="export">
          <Icon name="export" /> Export CSV…
        </button>
      </header>
      <p class="quiet">
        <span role="status">{current ? `Figures of ${windowTitles[shown].long}` : 'Reading the figures…'}</span>
        {data !== null && <span> · as of {timeOfDay(data.at)}</span>}
      </p>
      {data === null ? <Missing icon="loading" text="Reading the figures…" /> : <Content data={data} />}
    </main>
  );
}

function Content({ data }: { data: DashboardData }) {
  return (
    <>
      <Figures data={data} />
      <div class="charts">
        <ScoreChart scores={data.scores} />
        <DaysChart days={data.days} />
        <TokensChart agents={data.usageByAgent} />
        <PhaseTable phases={data.phases} />
      </div>
      <UsageTable
        title="Tokens and cost by agent"
        of="Agent"
        rows={data.usageByAgent.map(({ agent, ...usage }) => ({ name: agent, usage }))}
      />
      <UsageTable
        title="Tokens and cost by model"
        of="Model"
        rows={data.usageByModel.map(({ model, ...usage }) => ({ name: model, usage }))}
      />
    </>
  );
}

/** Radio buttons, so that arrows move between the windows and one of them is in the tab order. */
function WindowSwitch({ shown, select }: Pick<PageProps, 'shown' | 'select'>) {
  return (
    <fieldset class="switch">
      <legend class="hidden-caption">Window of time</legend>
      {windowNames.map((name) => (
        <label key={name} class="switch-choice" data-testid={`window-${name}`} title={windowTitles[name].long}>
          <input type="radio" name="window" checked={name === shown} onChange={() => select(name)} />
          <span>{windowTitles[name].short}</span>
        </label>
      ))}
    </fieldset>
  );
}
