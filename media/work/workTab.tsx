import type { RetryView, RunView, TaskState, TaskView } from '../../src/workflow/runState.ts';
import { agentName } from '../agentNames.ts';
import { count, duration, timeOfDay } from '../format.ts';
import { Icon, taskLooks } from '../icon.tsx';
import { inNumerals, t, told } from '../l10n.ts';
import { memo } from '../memo.ts';
import { Missing } from '../missing.tsx';
import type { LiveText } from '../panelState.ts';
import { inLayerOrder } from '../plan/graphLayout.ts';
import { inline } from '../prose.tsx';
import { post } from '../vscode.ts';
import { Checks } from './checks.tsx';

type WorkView = Pick<
  RunView,
  'phases' | 'plan' | 'tasks' | 'activity' | 'retries' | 'usageByAgent' | 'checks' | 'proofs' | 'coverage'
>;

/** Of what an agent is writing, its end. */
const shownCharacters = 2000;

export function WorkTab({ view, live }: { view: WorkView; live: readonly LiveText[] }) {
  const idle = view.plan === null && view.activity.length === 0 && live.length === 0;
  if (idle) return <Missing icon="pulse" text={t('What the agents do appears here while they do it.')} />;
  return (
    <div class="columns">
      <div>
        <Tasks plan={view.plan} tasks={view.tasks} active={view.phases.implementation.state === 'active'} />
        <Checks checks={view.checks} proofs={view.proofs} coverage={view.coverage} />
        <Usage usage={view.usageByAgent} />
        <Retries retries={view.retries} />
      </div>
      <div>
        <Streams live={live} />
        <Feed activity={view.activity} />
      </div>
    </div>
  );
}

const Tasks = memo(({ plan, tasks, active }: Pick<WorkView, 'plan' | 'tasks'> & { readonly active: boolean }) => {
  if (plan === null) return null;
  const done = plan.tasks.filter(({ id }) => tasks[id]?.state === 'done').length;
  return (
    <section>
      <h3>
        {t('Tasks')} <span class="quiet">{t('{0} of {1} done', done, plan.tasks.length)}</span>
      </h3>
      <ul class="rows">
        {inLayerOrder(plan.tasks).map(({ id, title, dependsOn }) => (
          <TaskRow key={id} id={id} title={title} dependsOn={dependsOn} task={tasks[id]} active={active} />
        ))}
      </ul>
    </section>
  );
});

interface TaskRowProps {
  readonly id: string;
  readonly title: string;
  readonly dependsOn: readonly string[];
  readonly task: TaskView | undefined;
  /** The phase goes on, so that the task can be cancelled or tried again. */
  readonly active: boolean;
}

const TaskRow = memo(({ id, title, dependsOn, task, active }: TaskRowProps) => {
  const state = task?.state ?? 'pending';
  const look = taskLooks[state];
  const took = task?.startedAt != null && task.endedAt !== null ? duration(task.endedAt - task.startedAt) : '';
  return (
    <li class="row long-list-item" data-testid={`task-${id}`} data-state={state}>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <span class="row-main">
        <span class="task-id">{id}</span> {title}
        {state === 'pending' && dependsOn.length > 0 && (
          <span class="quiet block">{t('after {0}', dependsOn.join(', '))}</span>
        )}
        {state === 'done' && task?.summary != null && <span class="quiet block">{inline(task.summary)}</span>}
        {state === 'failed' && task?.error != null && (
          <span class="tone-bad block">
            {told(task.error.message)} {task.error.hint && told(task.error.hint)}
          </span>
        )}
      </span>
      <span class="quiet row-end">{took}</span>
      {active && <TaskActions id={id} state={state} />}
    </li>
  );
});

function TaskActions({ id, state }: { readonly id: string; readonly state: TaskState }) {
  if (state === 'failed' || state === 'cancelled') {
    return (
      <span class="buttons">
        <button type="button" class="link" onClick={() => post({ type: 'task', act: 'retry', taskId: id })}>
          {t('Try again')}
        </button>
        <button type="button" class="link" onClick={() => post({ type: 'task', act: 'skip', taskId: id })}>
          {t('Go on without it')}
        </button>
      </span>
    );
  }
  if (state !== 'running' && state !== 'pending') return null;
  return (
    <button
      type="button"
      class="link"
      aria-label={t('Cancel {0}', id)}
      data-testid={`cancel-${id}`}
      onClick={() => post({ type: 'task', act: 'cancel', taskId: id })}
    >
      {t('Cancel')}
    </button>
  );
}

const Streams = memo(({ live }: { live: readonly LiveText[] }) => {
  if (live.length === 0) return null;
  return (
    <section>
      <h3>{t('Being written')}</h3>
      {live.map((stream) => (
        <Stream key={stream.key} stream={stream} />
      ))}
    </section>
  );
});

const kinds: Readonly<Record<LiveText['kind'], string>> = {
  text: t('writing'),
  reasoning: t('thinking'),
  'tool-input': t('calling a tool'),
};

/** The newest words are what matters, so the box stays scrolled to its end (a reversed column does that without script). */
const Stream = memo(({ stream: { agent, taskId, kind, text } }: { stream: LiveText }) => (
  <figure class="stream">
    <figcaption>
      <strong>{agentName(agent)}</strong> {taskId} <span class="quiet">{kinds[kind]}</span>
    </figcaption>
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
    <section class="stream-scroll" tabIndex={0} aria-label={t('What the {0} is writing', agentName(agent))}>
      <pre>{text.slice(-shownCharacters)}</pre>
    </section>
  </figure>
));

const Feed = memo(({ activity }: Pick<WorkView, 'activity'>) => (
  <section>
    <h3>{t('Activity')}</h3>
    {activity.length === 0 && <p class="quiet">{t('Nothing yet.')}</p>}
    <ol class="feed">
      {activity.toReversed().map(({ at, agent, taskId, tool, summary }, index) => (
        <li key={`${at} ${activity.length - index}`} class="long-list-item">
          <time class="quiet" dateTime={new Date(at).toISOString()}>
            {timeOfDay(at)}
          </time>
          <span>
            <strong>{agentName(agent)}</strong>
            {taskId !== null && ` ${taskId}`} <code>{tool}</code> {summary}
          </span>
        </li>
      ))}
    </ol>
  </section>
));

const Usage = memo(({ usage }: { usage: RunView['usageByAgent'] }) => {
  const agents = Object.entries(usage);
  if (agents.length === 0) return null;
  return (
    <section>
      <h3>{t('Model use')}</h3>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Agent')}</th>
              <th scope="col" class="number">
                {t('Calls')}
              </th>
              <th scope="col" class="number">
                {t('Tokens in')}
              </th>
              <th scope="col" class="number">
                {t('Out')}
              </th>
              <th scope="col" class="number">
                {t('Time')}
              </th>
            </tr>
          </thead>
          <tbody>
            {agents.map(([agent, { calls, inputTokens, cachedInputTokens, outputTokens, modelMs }]) => (
              <tr key={agent}>
                <th scope="row">{agentName(agent)}</th>
                <td class="number">{calls}</td>
                <td
                  class="number"
                  title={t('{0}, of which {1} from the provider’s cache', inputTokens, cachedInputTokens)}
                >
                  {count(inputTokens)}
                </td>
                <td class="number" title={inNumerals(outputTokens)}>
                  {count(outputTokens)}
                </td>
                <td class="number">{duration(modelMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
});

const Retries = memo(({ retries }: { retries: readonly RetryView[] }) => {
  if (retries.length === 0) return null;
  return (
    <section>
      <h3>{t('Retries')}</h3>
      <ol class="feed">
        {retries.toReversed().map(({ at, step, retry, delayMs, error }) => (
          <li key={`${at} ${step} ${retry}`}>
            <time class="quiet" dateTime={new Date(at).toISOString()}>
              {timeOfDay(at)}
            </time>
            <span>
              <code>{error.code}</code> {told(error.message)}{' '}
              <span class="quiet">{t('{0}: retry {1}, after {2}', step, retry, duration(delayMs))}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
});
