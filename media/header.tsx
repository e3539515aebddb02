import { cacheHitRate, type RunView } from '../src/workflow/runState.ts';
import { runTitle } from '../src/workflow/runTitle.ts';
import { Actions } from './actions.tsx';
import { Elapsed, TimeLeft } from './clock.tsx';
import { count } from './format.ts';
import { Icon, statusLooks } from './icon.tsx';
import { t } from './l10n.ts';
import { money, percent } from './numbers.ts';
import { phaseTitles } from './phaseTitles.ts';
import { Stepper } from './stepper.tsx';
import { post } from './vscode.ts';

interface HeaderProps {
  readonly view: RunView;
  /** This window runs the run. */
  readonly active: boolean;
  /** Another process does. */
  readonly elsewhere: boolean;
  readonly offset: number;
  readonly attempts: readonly number[];
  /** When the agents will be done, on the extension's clock. */
  readonly completion: number | null;
}

export function Header({ view, active, elsewhere, offset, attempts, completion }: HeaderProps) {
  const newest = attempts.at(-1) ?? view.attempt;
  const running = (active || elsewhere) && view.endedAt === null;
  return (
    <header>
      <div class="title-line">
        <h1 title={view.input.request}>{runTitle(view)}</h1>
        <StatusPill view={view} active={active || elsewhere} />
      </div>
      <p class="meta quiet">
        <span title={t('Model')}>
          <Icon name="sparkle" /> {view.model === '' ? t('no model') : view.model}
        </span>
        {view.trigger !== null && (
          <span title={view.trigger.cause} data-testid="trigger">
            <Icon name="zap" /> {t('started by {0}', view.trigger.id)}
          </span>
        )}
        <Attempt shown={view.attempt} attempts={attempts} />
        <span title={t('Time since this attempt began')}>
          <Icon name="clock" />{' '}
          <Elapsed
            since={view.attemptStartedAt}
            until={view.endedAt ?? (running ? null : view.updatedAt)}
            offset={offset}
          />
        </span>
        <Tokens view={view} />
        {elsewhere && view.endedAt === null && <span>{t('in another window')}</span>}
        {running && completion !== null && <TimeLeft until={completion} offset={offset} />}
      </p>
      <Stepper view={view} running={running} offset={offset} />
      <div class="progress-line">
        <progress max={100} value={view.progress} aria-label={t('Progress of the run')} data-testid="progress" />
        <span aria-hidden="true">{t('{0} %', view.progress)}</span>
      </div>
      {view.attempt === newest && <Actions view={view} active={active} elsewhere={elsewhere} />}
    </header>
  );
}

/** Earlier attempts stay readable. */
function Attempt({ shown, attempts }: { shown: number; attempts: readonly number[] }) {
  if (attempts.length < 2) return <span>{t('attempt {0}', shown)}</span>;
  return (
    <span class="attempt">
      <select
        aria-label={t('Attempt shown')}
        data-testid="attempt"
        value={shown}
        onChange={(event) => post({ type: 'showAttempt', attempt: Number(event.currentTarget.value) })}
      >
        {attempts.map((attempt) => (
          <option key={attempt} value={attempt}>
            {t('attempt {0} of {1}', attempt, attempts.length)}
          </option>
        ))}
      </select>{' '}
      <button type="button" class="link" onClick={() => post({ type: 'compareAttempts' })}>
        {t('Compare…')}
      </button>
    </span>
  );
}

/** The one thing on the page that is read out when it changes. */
function StatusPill({ view, active }: { view: RunView; active: boolean }) {
  const interrupted = view.endedAt === null && !active;
  const look = statusLooks[view.status];
  const phase =
    view.currentPhase !== null && view.status === 'in_progress' ? `: ${phaseTitles[view.currentPhase]}` : '';
  return (
    <span
      class={`pill pill-${interrupted ? 'quiet' : look.tone}`}
      role="status"
      data-testid="status"
      data-status={view.status}
    >
      <Icon name={interrupted ? 'debug-pause' : look.icon} />
      {view.paused
        ? t('Paused')
        : interrupted && view.status !== 'waiting'
          ? t('Not running here')
          : `${look.label}${phase}`}
    </span>
  );
}

function Tokens({ view: { usage } }: { view: RunView }) {
  const hits = cacheHitRate(usage);
  const title = t(
    '{0} model calls; {1} tokens in, of which {2} from the provider’s cache; {3} out',
    usage.calls,
    usage.inputTokens,
    usage.cachedInputTokens,
    usage.outputTokens,
  );
  return (
    <span data-testid="tokens" title={title}>
      {t('{0} in · {1} out', count(usage.inputTokens), count(usage.outputTokens))}
      {hits !== null && hits > 0 && (
        <span data-testid="cache-rate">
          {' · '}
          {t('{0} from cache', percent(hits))}
        </span>
      )}
      {usage.cost !== null && usage.cost > 0 && ` · ${t('cost {0}', money(usage.cost))}`}
    </span>
  );
}
