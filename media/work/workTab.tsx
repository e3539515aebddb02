import type { RunView } from '../../src/workflow/runState.ts';
import { t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import type { LiveText } from '../panelState.ts';
import { Checks } from './checks.tsx';
import { Feed } from './feed.tsx';
import { Now } from './now.tsx';
import { TaskRows } from './taskRows.tsx';
import { Retries, Usage } from './usage.tsx';

type WorkView = Pick<
  RunView,
  | 'plan'
  | 'tasks'
  | 'activity'
  | 'retries'
  | 'usageByAgent'
  | 'checks'
  | 'proofs'
  | 'coverage'
  | 'currentPhase'
  | 'phases'
>;

interface WorkTabProps {
  readonly view: WorkView;
  readonly live: readonly LiveText[];
  /** Somebody works on the run, in this window or in another. */
  readonly running: boolean;
  /** What this page's clock lacks of the extension's, in milliseconds. */
  readonly offset: number;
}

export function WorkTab({ view, live, running, offset }: WorkTabProps) {
  const idle = view.plan === null && view.activity.length === 0 && live.length === 0;
  if (idle) return <Missing icon="pulse" text={t('What the agents do appears here while they do it.')} />;
  return (
    <div class="work">
      <div>
        {running && <Now view={view} live={live} offset={offset} />}
        {view.plan !== null && (
          <TaskRows
            plan={view.plan}
            states={view.tasks}
            checks={view.checks}
            active={running && view.phases.implementation.state === 'active'}
          />
        )}
        <Checks checks={view.checks} proofs={view.proofs} coverage={view.coverage} />
      </div>
      <div>
        <Feed activity={view.activity} />
        <Retries retries={view.retries} />
        <Usage usage={view.usageByAgent} />
      </div>
    </div>
  );
}
