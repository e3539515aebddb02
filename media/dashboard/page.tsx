import type { DashboardData, WindowName } from '../../src/workflow/metrics/dashboardData.ts';
import { agentName } from '../agentNames.ts';
import { timeOfDay } from '../format.ts';
import { Icon } from '../icon.tsx';
import { t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import { CheckTable } from './checkTable.tsx';
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
        <h1>{t('Dashboard')}</h1>
        <WindowSwitch shown={shown} select={select} />
        <button type="button" onClick={() => post({ type: 'export' })} disabled={!current} data-testid="export">
          <Icon name="export" /> {t('Export CSV…')}
        </button>
      </header>
      <p class="quiet">
        <span role="status">{current ? t('Figures of {0}', windowTitles[shown].long) : t('Reading the figures…')}</span>
        {data !== null && <span> · {t('as of {0}', timeOfDay(data.at))}</span>}
      </p>
      {data === null ? <Missing icon="loading" text={t('Reading the figures…')} /> : <Content data={data} />}
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
        {data.checks.length > 0 && <CheckTable checks={data.checks} />}
      </div>
      <UsageTable
        id="agent"
        title={t('Tokens and cost by agent')}
        of={[t('Agent')]}
        rows={data.usageByAgent.map(({ agent, ...usage }) => ({ names: [agentName(agent)], usage }))}
      />
      <UsageTable
        id="model"
        title={t('Tokens and cost by model')}
        of={[t('Model')]}
        rows={data.usageByModel.map(({ model, ...usage }) => ({ names: [model], usage }))}
      />
      <UsageTable
        id="agent-model"
        title={t('Tokens and cost by agent and model')}
        of={[t('Agent'), t('Model')]}
        rows={data.usageByAgentAndModel.map(({ agent, model, ...usage }) => ({
          names: [agentName(agent), model],
          usage,
        }))}
      />
    </>
  );
}

/** Radio buttons, so that arrows move between the windows and one of them is in the tab order. */
function WindowSwitch({ shown, select }: Pick<PageProps, 'shown' | 'select'>) {
  return (
    <fieldset class="switch">
      <legend class="hidden-caption">{t('Window of time')}</legend>
      {windowNames.map((name) => (
        <label key={name} class="switch-choice" data-testid={`window-${name}`} title={windowTitles[name].long}>
          <input type="radio" name="window" checked={name === shown} onChange={() => select(name)} />
          <span>{windowTitles[name].short}</span>
        </label>
      ))}
    </fieldset>
  );
}
