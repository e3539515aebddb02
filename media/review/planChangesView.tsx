import { useMemo } from 'preact/hooks';
import type { Plan } from '../../src/workflow/schemas.ts';
import { useGo } from '../go.ts';
import { Icon } from '../icon.tsx';
import { KeptDetails } from '../keptDetails.tsx';
import { plural, t } from '../l10n.ts';
import { partNames } from '../plan/partNames.ts';
import { type PartChange, type PlanChanges, planChanges, type TaskChange } from '../plan/planChanges.ts';
import type { TextPart } from '../plan/wordDiff.ts';

interface PlanChangesViewProps {
  readonly round: number;
  readonly before: Plan;
  readonly after: Plan;
}

/** What a round of refinement made of the plan; folded, it says how much. */
export function PlanChangesView({ round, before, after }: PlanChangesViewProps) {
  const changes = useMemo(() => planChanges(before, after), [before, after]);
  const { tasks, parts } = changes;
  if (tasks.length + parts.length === 0) return <p class="quiet">{t('The plan stayed as it was.')}</p>;
  return (
    <KeptDetails class="plan-changes" name={`plan-changes-${round}`} summary={inShort(changes)}>
      {tasks.map((change) => (
        <TaskChangeView key={change.task.id} change={change} />
      ))}
      <Parts parts={parts} />
    </KeptDetails>
  );
}

function inShort({ tasks, parts }: PlanChanges): string {
  const count = (kind: TaskChange['kind']) => tasks.filter((change) => change.kind === kind).length;
  const [added, changed, removed] = [count('added'), count('changed'), count('removed')];
  return [
    added > 0 && plural(added, t('{0} task added', added), t('{0} tasks added', added)),
    changed > 0 && plural(changed, t('{0} task changed', changed), t('{0} tasks changed', changed)),
    removed > 0 && plural(removed, t('{0} task removed', removed), t('{0} tasks removed', removed)),
    parts.length > 0 && t('changed: {0}', parts.map(({ name }) => partNames[name]).join(', ')),
  ]
    .filter((piece) => piece !== false)
    .join(' · ');
}

const kindLooks = {
  added: { icon: 'diff-added', tone: 'added', label: t('added') },
  changed: { icon: 'diff-modified', tone: 'changed', label: t('changed') },
  removed: { icon: 'diff-removed', tone: 'removed', label: t('removed') },
} as const;

function TaskChangeView({ change: { task, kind, parts } }: { change: TaskChange }) {
  const go = useGo();
  const look = kindLooks[kind];
  return (
    <section class="plan-change" data-testid={`change-${task.id}`} data-kind={kind}>
      <h5>
        <Icon name={look.icon} tone={look.tone} label={look.label} />{' '}
        {kind === 'removed' ? (
          <del>
            <span class="task-id">{task.id}</span> {task.title}
          </del>
        ) : (
          <>
            <button
              type="button"
              class="link task-id"
              title={t('Show in the plan')}
              onClick={() => go('plan', task.id)}
            >
              {task.id}
            </button>{' '}
            {task.title}
          </>
        )}
      </h5>
      <Parts parts={parts} />
    </section>
  );
}

function Parts({ parts }: { parts: readonly PartChange[] }) {
  if (parts.length === 0) return null;
  return (
    <dl class="changed-parts">
      {parts.map(({ name, lines }) => (
        <div key={name} data-testid={`part-${name}`}>
          <dt>{partNames[name]}</dt>
          <dd>
            {lines.map((line) => (
              <p key={line.map(({ text }) => text).join('|')} class="text-diff" dir="auto">
                {line.map((part, index) => (
                  <Piece key={`${part.kind} ${index}`} part={part} />
                ))}
              </p>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Piece({ part: { kind, text } }: { part: TextPart }) {
  if (kind === 'added') return <ins>{text}</ins>;
  if (kind === 'removed') return <del>{text}</del>;
  return <span>{text}</span>;
}
