import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { RunView } from '../../src/workflow/runState.ts';
import type { Plan } from '../../src/workflow/schemas.ts';
import { FilterBox } from '../filterBox.tsx';
import type { Target } from '../go.ts';
import { aText, useKept } from '../kept.ts';
import { t } from '../l10n.ts';
import { type ListHandle, LongList } from '../longList.tsx';
import type { Draft } from './draft.ts';
import { inLayerOrder } from './layerOrder.ts';
import { matchingTasks } from './matchTask.ts';
import type { PlanDiff } from './planDiff.ts';
import { TaskCard } from './taskCard.tsx';
import { TaskGraph } from './taskGraph.tsx';

/** Fewer tasks need no filter. */
const filterFrom = 8;
/** A graph of more tasks than this cannot be read, and takes long to lay out. */
const graphUpTo = 120;

interface TaskPartProps {
  readonly plan: Plan;
  readonly states: RunView['tasks'];
  readonly texts: ReadonlyMap<string, string>;
  readonly diff: PlanDiff | null;
  readonly draft: Draft | null;
  /** What a link on another place leads to. */
  readonly target: Target | null;
}

/** The tasks as a graph and as a list, both of what the filter leaves. */
export function TaskPart({ plan, states, texts, diff, draft, target }: TaskPartProps) {
  const [find, setFind] = useKept('tasks.filter', '', aText);
  const list = useRef<ListHandle>(null);
  const changed = draft?.plan != null;
  // While the developer moves tasks about their own order counts.
  const ordered = useMemo(() => (changed ? plan.tasks : inLayerOrder(plan.tasks)), [plan, changed]);
  const shown = useMemo(() => matchingTasks(ordered, find), [ordered, find]);
  const show = useCallback((id: string) => list.current?.reveal(id), []);
  useEffect(() => {
    if (target === null || !plan.tasks.some(({ id }) => id === target.id)) return;
    setFind('');
    requestAnimationFrame(() => list.current?.reveal(target.id));
  }, [target]);
  return (
    <>
      {plan.tasks.length >= filterFrom && (
        <FilterBox
          label={t('Filter tasks by words, ids or paths')}
          value={find}
          shown={shown.length}
          all={plan.tasks.length}
          set={setFind}
        />
      )}
      {shown.length === 0 && (
        <p class="quiet">{plan.tasks.length === 0 ? t('The plan has no tasks.') : t('No task has these words.')}</p>
      )}
      {shown.length > 0 && shown.length <= graphUpTo && <TaskGraph tasks={shown} states={states} show={show} />}
      {shown.length > graphUpTo && (
        <p class="quiet">{t('Filter to {0} tasks or fewer to see how they hang together.', graphUpTo)}</p>
      )}
      <LongList
        label={t('Tasks')}
        class="cards"
        items={shown}
        keyOf={({ id }) => id}
        height={({ files, doneWhen, tests }) => 130 + 20 * (files.length + doneWhen.length + tests.length)}
        gap={8}
        handle={list}
        draw={(task) => (
          <TaskCard
            task={task}
            texts={texts}
            change={diff?.added.has(task.id) ? 'added' : diff?.changed.get(task.id)}
            draft={draft}
          />
        )}
      />
    </>
  );
}
