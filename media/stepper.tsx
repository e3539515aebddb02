import type { PhaseView, RunView } from '../src/workflow/runState.ts';
import type { PhaseName } from '../src/workflow/schemas.ts';
import { Elapsed } from './clock.tsx';
import { Icon, phaseLooks } from './icon.tsx';
import { inNumerals, t, told } from './l10n.ts';
import { phasesInOrder, phaseTitles } from './phaseTitles.ts';

interface StepperProps {
  readonly view: RunView;
  /** Whether anything works on the run at this moment. */
  readonly running: boolean;
  readonly offset: number;
}

export function Stepper({ view, running, offset }: StepperProps) {
  return (
    <ol class="stepper" aria-label={t('Phases')}>
      {phasesInOrder.map((name) => (
        <Step
          key={name}
          name={name}
          phase={view.phases[name]}
          current={view.currentPhase === name}
          view={view}
          running={running}
          offset={offset}
        />
      ))}
    </ol>
  );
}

function Step({
  name,
  phase,
  current,
  view,
  running,
  offset,
}: StepperProps & { name: PhaseName; phase: PhaseView; current: boolean }) {
  const stopped = phase.state === 'active' && (!running || view.status === 'waiting');
  const look = stopped
    ? {
        icon: running ? 'bell' : 'circle-slash',
        tone: running ? 'warn' : 'quiet',
        label: running ? t('waiting') : t('stopped'),
      }
    : phaseLooks[phase.state];
  return (
    <li
      class={`step step-${phase.state}`}
      aria-current={current ? 'step' : undefined}
      title={phase.skipped && told(phase.skipped)}
    >
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <span class="step-name">{phaseTitles[name]}</span>
      <span class="step-note quiet">
        {phase.state === 'skipped' && t('skipped')}
        {phase.state !== 'skipped' && phase.startedAt !== undefined && (
          <Elapsed since={phase.startedAt} until={phase.endedAt ?? (running ? null : view.updatedAt)} offset={offset} />
        )}
        {phase.score !== undefined && phase.state !== 'skipped' && ` · ${inNumerals(phase.score)}`}
      </span>
    </li>
  );
}
