import { useState } from 'preact/hooks';
import type { RunView } from '../src/workflow/runState.ts';
import type { PhaseName } from '../src/workflow/schemas.ts';
import { Icon } from './icon.tsx';
import { t } from './l10n.ts';
import { phasesInOrder, phaseTitles } from './phaseTitles.ts';
import { post } from './vscode.ts';

/** What can be done with the run as a whole: only what makes sense in its state. */
export function Actions({ view, active, elsewhere }: { view: RunView; active: boolean; elsewhere: boolean }) {
  const live = view.endedAt === null;
  return (
    <div class="actions">
      {live && active && (
        <button type="button" class="secondary" onClick={() => post({ type: 'pause' })} data-testid="pause">
          <Icon name="debug-pause" /> {t('Pause')}
        </button>
      )}
      {live && active && (
        <button type="button" class="secondary" onClick={() => post({ type: 'cancel' })}>
          <Icon name="debug-stop" /> {t('Cancel')}
        </button>
      )}
      {view.status !== 'completed' && (!live || (!active && !elsewhere)) && <ResumeButton />}
      {view.status === 'completed' && (
        <button type="button" class="secondary" onClick={() => post({ type: 'start' })}>
          <Icon name="add" /> {t('Start another')}
        </button>
      )}
      {(!live || (!active && !elsewhere) || (active && view.status === 'waiting')) && <Restart view={view} />}
    </div>
  );
}

export function ResumeButton() {
  return (
    <button type="button" class="primary" onClick={() => post({ type: 'resume' })}>
      <Icon name="debug-continue" /> {t('Resume')}
    </button>
  );
}

/** The phase is picked first and the button pressed then: a select that acts by itself surprises the keyboard. */
export function Restart({ view }: { view: RunView }) {
  const reached = phasesInOrder.filter((name) => view.phases[name].state !== 'pending');
  const [picked, setPicked] = useState<PhaseName | null>(null);
  const from = reached.find((name) => name === picked) ?? reached.at(-1);
  if (from === undefined) return null;
  return (
    <span class="restart">
      <select
        aria-label={t('Phase to restart from')}
        value={from}
        onChange={(event) => setPicked(event.currentTarget.value as PhaseName)}
      >
        {reached.map((name) => (
          <option key={name} value={name}>
            {phaseTitles[name]}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="secondary"
        title={t('Begins a new attempt; this one stays readable')}
        onClick={() => post({ type: 'restart', from })}
      >
        <Icon name="debug-restart" /> {t('Restart from here')}
      </button>
    </span>
  );
}
