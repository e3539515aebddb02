import type { RunView } from '../src/workflow/runState.ts';
import { Actions } from './actions.tsx';
import { Elapsed } from './clock.tsx';
import { count, headline } from './format.ts';
import { Icon, statusLooks } from './icon.tsx';
import { phaseTitles, Stepper } from './stepper.tsx';

interface HeaderProps {
  readonly view: RunView;
  /** This window runs the run. */
  readonly active: boolean;
  readonly offset: number;
}

export function Header({ view, active, offset }: HeaderProps) {
  const running = active && view.endedAt === null;
  return (
    <header>
      <div class="title-line">
        <h1 title={view.input.request}>{headline(view.plan?.title ?? view.input.request) || 'Planwright'}</h1>
        <StatusPill view={view} active={active} />
      </div>
      <p class="meta quiet">
        <span title="Model">
          <Icon name="sparkle" /> {view.model}
        </span>
        <span>attempt {view.attempt}</span>
        <span title="Time since this attempt began">
          <Icon name="clock" />{' '}
          <Elapsed
            since={view.attemptStartedAt}
            until={view.endedAt ?? (running ? null : view.updatedAt)}
            offset={offset}
          />
        </span>
        <Tokens view={view} />
      </p>
      <Stepper view={view} running={running} offset={offset} />
      <div class="progress-line">
        <progress max={100} value={view.progress} aria-label="Progress of the run" data-testid="progress" />
        <span aria-hidden="true">{view.progress} %</span>
      </div>
      <Actions view={view} active={active} />
    </header>
  );
}

/** The one thing on the page that is read out when it changes. */
function StatusPill({ view, active }: { view: RunView; active: boolean }) {
  const interrupted = view.endedAt === null && !active;
  const look = statusLooks[view.status];
  const phase =
    view.currentPhase !== null && view.status === 'in_progress'
      ? `: ${phaseTitles[view.currentPhase].toLowerCase()}`
      : '';
  return (
    <span
      class={`pill pill-${interrupted ? 'quiet' : look.tone}`}
      role="status"
      data-testid="status"
      data-status={view.status}
    >
      <Icon name={interrupted ? 'debug-pause' : look.icon} />
      {interrupted && view.status !== 'waiting' ? 'Not running here' : `${look.label}${phase}`}
    </span>
  );
}

function Tokens({ view: { usage } }: { view: RunView }) {
  const title = `${usage.calls} model calls; ${usage.inputTokens} tokens in, of which ${usage.cachedInputTokens} from the provider's cache; ${usage.outputTokens} out`;
  return (
    <span data-testid="tokens" title={title}>
      {count(usage.inputTokens)} in · {count(usage.outputTokens)} out
    </span>
  );
}
