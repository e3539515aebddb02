import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { RunView } from '../../src/workflow/runState.ts';
import type { Plan, Task } from '../../src/workflow/schemas.ts';
import { Chip, PathLink } from '../chips.tsx';
import type { Target } from '../go.ts';
import { Icon } from '../icon.tsx';
import { aFlag, aNumber, orNone, useKept } from '../kept.ts';
import { rich, t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import type { LiveText } from '../panelState.ts';
import { inline, Prose } from '../prose.tsx';
import type { Draft } from './draft.ts';
import { DraftBar } from './draftBar.tsx';
import { diffPlans } from './planDiff.ts';
import { PlanInWriting } from './planInWriting.tsx';
import { roundName } from './roundName.ts';
import { TaskPart } from './taskPart.tsx';

interface PlanTabProps {
  readonly view: Pick<RunView, 'plan' | 'planRound' | 'plans' | 'tasks'>;
  /** Set while the developer may change the plan. */
  readonly draft: Draft | null;
  readonly live: readonly LiveText[];
  /** The task or requirement that a link on another place leads to. */
  readonly target: Target | null;
}

export function PlanTab({ view, draft, live, target }: PlanTabProps) {
  const [picked, setPicked] = useKept<number | null>('plan.round', null, orNone(aNumber));
  if (view.plan === null && live.some(({ agent }) => agent === 'planner')) return <PlanInWriting live={live} />;
  if (view.plan === null)
    return <Missing icon="list-tree" text={t('The plan appears here as soon as the planner has written it.')} />;
  const round = view.plans.some((entry) => entry.round === picked) && picked !== null ? picked : view.planRound;
  const plan = view.plans.find((entry) => entry.round === round)?.plan ?? view.plan;
  const before = view.plans.filter((entry) => entry.round < round).at(-1);
  return (
    <>
      {view.plans.length > 1 && (
        <Rounds
          rounds={view.plans.map((entry) => entry.round)}
          shown={round}
          current={view.planRound}
          pick={setPicked}
        />
      )}
      {draft !== null && round === view.planRound ? (
        <>
          <DraftBar draft={draft} />
          <PlanView
            plan={draft.plan ?? plan}
            before={draft.plan ? plan : (before?.plan ?? null)}
            tasks={view.tasks}
            draft={draft}
            target={target}
          />
        </>
      ) : (
        <PlanView plan={plan} before={before?.plan ?? null} tasks={view.tasks} draft={null} target={target} />
      )}
    </>
  );
}

interface RoundsProps {
  readonly rounds: readonly number[];
  readonly shown: number;
  readonly current: number;
  readonly pick: (round: number) => void;
}

function Rounds({ rounds, shown, current, pick }: RoundsProps) {
  return (
    <label class="rounds">
      {t('Round')}
      <select value={String(shown)} onChange={(event) => pick(Number(event.currentTarget.value))}>
        {rounds.map((round) => (
          <option key={round} value={String(round)}>
            {roundName(round, round === current)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface PlanViewProps {
  readonly plan: Plan;
  readonly before: Plan | null;
  readonly tasks: RunView['tasks'];
  readonly draft: Draft | null;
  readonly target: PlanTabProps['target'];
}

function PlanView({ plan, before, tasks, draft, target }: PlanViewProps) {
  const texts = useMemo(() => new Map(plan.requirements.map(({ id, text }) => [id, text])), [plan]);
  const diff = useMemo(() => (before === null ? null : diffPlans(before, plan)), [before, plan]);
  return (
    <>
      <section>
        <h2>{plan.title}</h2>
        <Prose text={plan.summary} />
      </section>
      <Requirements plan={plan} target={target} />
      <section>
        <h3>{t('Tasks')}</h3>
        <TaskPart plan={plan} states={tasks} texts={texts} diff={diff} draft={draft} target={target} />
        {draft?.canEdit && (
          <button type="button" class="secondary" data-testid="add-task" onClick={draft.add}>
            <Icon name="add" /> {t('Add a task')}
          </button>
        )}
        {diff !== null && diff.removed.length > 0 && <Removed tasks={diff.removed} />}
      </section>
      <Architecture plan={plan} />
      <Metrics plan={plan} />
      <Risks plan={plan} />
      <Lines title={t('Assumptions')} lines={plan.assumptions} />
      <Lines title={t('Out of scope')} lines={plan.outOfScope} />
    </>
  );
}

function Removed({ tasks }: { tasks: readonly Task[] }) {
  return (
    <>
      <h4>{t('Removed')}</h4>
      <ul class="plain">
        {tasks.map(({ id, title }) => (
          <li key={id}>
            <del>
              <span class="task-id">{id}</span> {title}
            </del>
          </li>
        ))}
      </ul>
    </>
  );
}

function Requirements({ plan, target }: { plan: Plan; target: Target | null }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const row = target && list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(target.id)}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'center' });
  }, [target]);
  return (
    <section>
      <h3>{t('Requirements')}</h3>
      <ul class="rows" ref={list}>
        {plan.requirements.map(({ id, text, source }) => {
          const serving = plan.tasks.filter(({ requirements }) => requirements.includes(id));
          return (
            <li key={id} class="row long-list-item" data-key={id} tabIndex={-1}>
              <span class="row-id">{id}</span>
              <span class="row-main">
                {inline(text)}
                {source === 'implied' && (
                  <Chip
                    text={t('implied')}
                    tone="quiet"
                    title={t('Not asked for in words; the planner drew it from the request')}
                  />
                )}
              </span>
              <span class="chips row-end">
                <ServingTasks of={id} tasks={serving} />
                {serving.length === 0 && (
                  <Chip text={t('no task')} tone="bad" icon="warning" title={t('No task serves this requirement')} />
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Of more tasks than this for one requirement the rest is shown on demand: a huge plan would begin with pages of them. */
const servingShown = 12;

function ServingTasks({ of, tasks }: { of: string; tasks: readonly Task[] }) {
  const [all, setAll] = useKept(`serving.${of}`, false, aFlag);
  const hidden = all ? 0 : Math.max(0, tasks.length - servingShown);
  return (
    <>
      {tasks.slice(0, tasks.length - hidden).map(({ id, title }) => (
        <Chip key={id} text={id} title={title} />
      ))}
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {t('… {0} more', hidden)}
        </button>
      )}
    </>
  );
}

function Architecture({ plan: { architecture } }: { plan: Plan }) {
  const { overview, components, decisions } = architecture;
  if (overview === '' && components.length === 0 && decisions.length === 0) return null;
  return (
    <section>
      <h3>{t('Architecture')}</h3>
      <Prose text={overview} />
      {components.length > 0 && <h4>{t('Components')}</h4>}
      <dl class="defined">
        {components.map(({ name, responsibility, files }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {inline(responsibility)}{' '}
              <span class="chips">
                {files.map((path) => (
                  <PathLink key={path} path={path} />
                ))}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      {decisions.length > 0 && <h4>{t('Decisions')}</h4>}
      <dl class="defined">
        {decisions.map(({ decision, why, alternatives }) => (
          <div key={decision}>
            <dt>{inline(decision)}</dt>
            <dd>
              {inline(why)}
              {alternatives.length > 0 && (
                <div class="quiet">{rich(t('Instead of: {0}'), inline(alternatives.join('; ')))}</div>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Metrics({ plan: { successMetrics } }: { plan: Plan }) {
  if (successMetrics.length === 0) return null;
  return (
    <section>
      <h3>{t('Success metrics')}</h3>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Metric')}</th>
              <th scope="col">{t('Target')}</th>
              <th scope="col">{t('Measured by')}</th>
            </tr>
          </thead>
          <tbody>
            {successMetrics.map(({ name, target, measuredBy }) => (
              <tr key={name}>
                <th scope="row">{inline(name)}</th>
                <td>{inline(target)}</td>
                <td>{inline(measuredBy)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const levels = ['', t('low'), t('medium'), t('high')] as const;

function Risks({ plan: { risks } }: { plan: Plan }) {
  if (risks.length === 0) return null;
  return (
    <section>
      <h3>{t('Risks')}</h3>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Risk')}</th>
              <th scope="col">{t('Likelihood')}</th>
              <th scope="col">{t('Impact')}</th>
              <th scope="col">{t('Mitigation')}</th>
            </tr>
          </thead>
          <tbody>
            {risks.map(({ risk, likelihood, impact, mitigation }) => (
              <tr key={risk}>
                <th scope="row">{inline(risk)}</th>
                <td class={`level-${likelihood}`}>{levels[likelihood]}</td>
                <td class={`level-${impact}`}>{levels[impact]}</td>
                <td>{inline(mitigation)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Lines({ title, lines }: { title: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <ul class="plain">
        {lines.map((line) => (
          <li key={line}>{inline(line)}</li>
        ))}
      </ul>
    </section>
  );
}
