import { Icon } from '../icon.tsx';
import { t } from '../l10n.ts';
import type { LiveText } from '../panelState.ts';
import { Prose } from '../prose.tsx';
import { type PlanSoFar, planSoFar } from './planSoFar.ts';

/** What there is of the plan while the planner writes it. */
export function PlanInWriting({ live }: { live: readonly LiveText[] }) {
  const written = planSoFar(live.find(({ agent }) => agent === 'planner')?.text ?? '');
  return (
    <section data-testid="plan-in-writing">
      <p role="status">
        <Icon name="loading" tone="active" />{' '}
        {written === null ? t('The planner is exploring…') : t('The plan is being written…')}
      </p>
      {written !== null && <Written plan={written} />}
    </section>
  );
}

function Written({ plan: { title, summary, tasks } }: { plan: PlanSoFar }) {
  return (
    <>
      {title !== '' && <h2>{title}</h2>}
      {summary !== '' && <Prose text={summary} />}
      {tasks.length > 0 && <h3>{t('Tasks')}</h3>}
      <ol class="cards">
        {tasks.map(({ id, title: name, description }) => (
          <li class="card" key={id}>
            <h4 class="card-title">
              <span class="task-id">{id}</span> {name}
            </h4>
            {description !== '' && <Prose text={description} />}
          </li>
        ))}
      </ol>
    </>
  );
}
