import type { RunView } from '../../src/workflow/runState.ts';
import { agentName } from '../agentNames.ts';
import { Elapsed } from '../clock.tsx';
import { Icon } from '../icon.tsx';
import { t, toldStep } from '../l10n.ts';
import { memo } from '../memo.ts';
import type { LiveText } from '../panelState.ts';
import { type AgentStep, agentSteps } from './steps.ts';

/** Of what an agent is writing, its end. */
const shownCharacters = 2000;

interface NowProps {
  readonly view: Pick<RunView, 'plan' | 'tasks' | 'currentPhase' | 'phases' | 'activity'>;
  readonly live: readonly LiveText[];
  readonly offset: number;
}

/** What each agent is at. */
export function Now({ view, live, offset }: NowProps) {
  const steps = agentSteps(view, live);
  if (steps.length === 0) return null;
  return (
    <section data-testid="now">
      <h3>{t('At work now')}</h3>
      {steps.map((step) => (
        <Step
          key={`${step.agent} ${step.taskId}`}
          step={step}
          title={view.plan?.tasks.find(({ id }) => id === step.taskId)?.title ?? ''}
          offset={offset}
        />
      ))}
    </section>
  );
}

function Step({ step, title, offset }: { step: AgentStep; title: string; offset: number }) {
  const { agent, taskId, since, last, writing } = step;
  return (
    <article class="card now-step" aria-label={taskId === null ? agentName(agent) : `${agentName(agent)} ${taskId}`}>
      <div class="now-line">
        <Icon name="loading" tone="active" />
        <span class="row-main">
          <strong>{agentName(agent)}</strong>
          {taskId !== null && <span class="task-id">{taskId}</span>}
          <span>{title}</span>
        </span>
        {since !== null && (
          <span class="quiet row-end">
            <Elapsed since={since} until={null} offset={offset} />
          </span>
        )}
      </div>
      {last !== null && (
        <div class="now-last">
          <code>{last.tool}</code> <span>{toldStep(last.summary)}</span>
        </div>
      )}
      {writing !== null && <Stream stream={writing} />}
    </article>
  );
}

const kinds: Readonly<Record<LiveText['kind'], string>> = {
  text: t('writing'),
  reasoning: t('thinking'),
  'tool-input': t('calling a tool'),
};

/** The newest words are what matters, so the box stays scrolled to its end (a reversed column does that without script). */
const Stream = memo(({ stream: { agent, kind, text } }: { stream: LiveText }) => (
  <figure class="stream">
    <figcaption class="quiet">{kinds[kind]}</figcaption>
    <section
      class="stream-scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('What the {0} is writing', agentName(agent))}
    >
      <pre>{text.slice(-shownCharacters)}</pre>
    </section>
  </figure>
));
