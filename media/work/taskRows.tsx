import { useMemo } from 'preact/hooks';
import type { CheckRound, RunView, TaskState, TaskView } from '../../src/workflow/runState.ts';
import type { Plan, Task } from '../../src/workflow/schemas.ts';
import { Choices } from '../choices.tsx';
import { duration } from '../format.ts';
import { useGo } from '../go.ts';
import { Icon, taskLooks } from '../icon.tsx';
import { oneOf, useKept } from '../kept.ts';
import { t, told } from '../l10n.ts';
import { LongList } from '../longList.tsx';
import { memo } from '../memo.ts';
import { inLayerOrder } from '../plan/layerOrder.ts';
import { inline } from '../prose.tsx';
import { checkLook } from './checkLook.ts';
import { TaskActions } from './taskActions.tsx';

/** Fewer tasks need no filter. */
const filterFrom = 8;

type Shown = TaskState | 'all';

interface TaskRowsProps {
  readonly plan: Plan;
  readonly states: RunView['tasks'];
  readonly checks: readonly CheckRound[];
  /** The phase goes on, so that a task can be cancelled or tried again. */
  readonly active: boolean;
}

export const TaskRows = memo(({ plan, states, checks, active }: TaskRowsProps) => {
  const [shown, setShown] = useKept<Shown>('tasks.shown', 'all', oneOf('all', 'running', 'pending', 'done', 'failed'));
  const ordered = useMemo(() => inLayerOrder(plan.tasks), [plan]);
  const stateOf = ({ id }: Task): TaskState => states[id]?.state ?? 'pending';
  const count = (state: TaskState) => plan.tasks.reduce((sum, task) => (stateOf(task) === state ? sum + 1 : sum), 0);
  const byTask = useMemo(() => Map.groupBy(checks, ({ taskId }) => taskId), [checks]);
  return (
    <section>
      <h3>
        {t('Tasks')} <span class="quiet">{t('{0} of {1} done', count('done'), plan.tasks.length)}</span>
      </h3>
      {plan.tasks.length >= filterFrom && (
        <Choices<Shown>
          name="task-state"
          label={t('Tasks shown')}
          value={shown}
          pick={setShown}
          choices={[
            { value: 'all', text: t('All {0}', plan.tasks.length) },
            { value: 'running', text: t('Running {0}', count('running')) },
            { value: 'pending', text: t('Not started {0}', count('pending')) },
            { value: 'done', text: t('Done {0}', count('done')) },
            { value: 'failed', text: t('Failed {0}', count('failed')) },
          ]}
        />
      )}
      <LongList
        label={t('Tasks')}
        class="rows"
        items={shown === 'all' ? ordered : ordered.filter((task) => stateOf(task) === shown)}
        keyOf={({ id }) => id}
        height={() => 34}
        draw={(task) => (
          <TaskRow task={task} view={states[task.id]} checked={byTask.get(task.id)?.at(-1)} active={active} />
        )}
      />
    </section>
  );
});

interface TaskRowProps {
  readonly task: Task;
  readonly view: TaskView | undefined;
  /** The newest run of the checks over its edits. */
  readonly checked: CheckRound | undefined;
  readonly active: boolean;
}

const TaskRow = memo(({ task: { id, title, dependsOn }, view, checked, active }: TaskRowProps) => {
  const go = useGo();
  const state = view?.state ?? 'pending';
  const look = taskLooks[state];
  const took = view?.startedAt != null && view.endedAt !== null ? duration(view.endedAt - view.startedAt) : '';
  const said = checked && checkLook(checked);
  return (
    <div class="row" data-testid={`task-${id}`} data-state={state}>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <span class="row-main">
        <button type="button" class="link task-id" title={t('Show in the plan')} onClick={() => go('plan', id)}>
          {id}
        </button>{' '}
        {title}
        {state === 'pending' && dependsOn.length > 0 && (
          <span class="quiet block">{t('after {0}', dependsOn.join(', '))}</span>
        )}
        {state === 'done' && view?.summary != null && <span class="quiet block">{inline(view.summary)}</span>}
        {state === 'failed' && view?.error != null && (
          <span class="tone-bad block">
            {told(view.error.message)} {view.error.hint && told(view.error.hint)}
          </span>
        )}
      </span>
      {said !== undefined && (
        <span class={`tone-${said.tone} row-end`}>
          <Icon name={said.icon} /> {said.text}
        </span>
      )}
      <span class="quiet row-end">{took}</span>
      {active && <TaskActions id={id} state={state} />}
    </div>
  );
});
