import type { CheckResult } from '../../src/workflow/engine/events.ts';
import type { CheckRound, RunView } from '../../src/workflow/runState.ts';
import { proofLooks, verdictLooks } from '../checkLooks.ts';
import { duration } from '../format.ts';
import { Icon } from '../icon.tsx';
import { KeptDetails } from '../keptDetails.tsx';
import { t, told } from '../l10n.ts';
import { memo } from '../memo.ts';

type Verdict = CheckResult['verdict'];

/** What the workspace's own checks said, round after round, and whether the tests test. */
export const Checks = memo(({ checks, proofs, coverage }: Pick<RunView, 'checks' | 'proofs' | 'coverage'>) => {
  if (checks.length === 0 && proofs.length === 0) return null;
  return (
    <section data-testid="checks">
      <h3>{t('Checks')}</h3>
      <ul class="rows">
        {checks.map((round) => (
          <Round key={`${round.taskId} ${nameOf(round)}`} round={round} />
        ))}
        {proofs.map((proof) => (
          <Proof key={`${proof.taskId} ${proof.path}`} proof={proof} />
        ))}
      </ul>
      {coverage !== null && (
        <p class="quiet">
          {coverage.overall === null
            ? t('Coverage: not measured. {0}', coverage.reason ?? '')
            : coverage.changedLines === null
              ? t('Coverage: {0} % of lines.', coverage.overall)
              : t('Coverage: {0} % of lines, {1} % of the changed ones.', coverage.overall, coverage.changedLines)}
        </p>
      )}
    </section>
  );
});

/** Which round of a task it is: '2', 'try-2-1', 'T1-1-change-1-2'. */
function nameOf({ of, round }: CheckRound): string {
  if (of?.change) return `${of.change.proposalId}-change-${of.change.turn}-${round}`;
  return of?.try === undefined ? `${round}` : `try-${of.try}-${round}`;
}

const Round = memo(({ round: checked }: { round: CheckRound }) => {
  const { taskId, round, of, state, names, results, reason } = checked;
  const who = taskId ?? t('All that was accepted');
  const which = [
    ...(of?.try === undefined ? [] : [t('try {0}', of.try)]),
    ...(of?.change === undefined ? [] : [t('changed as you asked')]),
    ...(round > 1 ? [taskId === null ? t('round {0}', round) : t('after mending {0}', round - 1)] : []),
  ];
  return (
    <li class="row long-list-item" data-testid={`checks-${taskId ?? 'all'}-${nameOf(checked)}`} data-state={state}>
      {state === 'running' && <Icon name="loading" tone="active" label={t('running')} />}
      {state === 'skipped' && <Icon name="debug-step-over" tone="quiet" label={t('skipped')} />}
      {state === 'done' && <Icon name={worst(results).icon} tone={worst(results).tone} label={worst(results).label} />}
      <span class="row-main">
        <span class="task-id">{who}</span>
        {which.length > 0 && <span class="quiet"> {which.join(', ')}</span>}
        {state === 'running' && <span class="quiet block">{names.join(', ')}</span>}
        {reason !== undefined && <span class="quiet block">{told(reason)}</span>}
        {results.map((result) => (
          <Result key={result.name} result={result} at={`${taskId} ${round}`} />
        ))}
      </span>
    </li>
  );
});

function worst(results: readonly CheckResult[]) {
  const order: readonly Verdict[] = ['new failure', 'already failing', 'unknown', 'mended', 'passes'];
  const found = order.find((verdict) => results.some((result) => result.verdict === verdict)) ?? 'unknown';
  return verdictLooks[found];
}

/** More failing tests are named in the output. */
const namedTests = 5;

interface ResultProps {
  readonly result: CheckResult;
  /** Task and round it belongs to. */
  readonly at: string;
}

function Result({ result: { name, verdict, reason, newFailures, durationMs, output }, at }: ResultProps) {
  const look = verdictLooks[verdict];
  return (
    <span class="block" data-verdict={verdict}>
      <Icon name={look.icon} tone={look.tone} label={look.label} /> <code>{name}</code>{' '}
      <span class="quiet">
        {told(reason)} {duration(durationMs)}
      </span>
      {newFailures.slice(0, namedTests).map((test) => (
        <span key={test} class="block tone-bad">
          {test}
        </span>
      ))}
      {newFailures.length > namedTests && (
        <span class="block quiet">{t('… {0} more', newFailures.length - namedTests)}</span>
      )}
      {output !== '' && (
        <KeptDetails name={`work ${at} ${name}`} summary={t('Output')}>
          <pre class="check-output">{output}</pre>
        </KeptDetails>
      )}
    </span>
  );
}

function Proof({ proof: { taskId, path, verdict, reason } }: { proof: RunView['proofs'][number] }) {
  const look = proofLooks[verdict];
  return (
    <li class="row long-list-item" data-testid={`proof-${path}`} data-verdict={verdict}>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <span class="row-main">
        <span class="task-id">{taskId}</span> <span class="path">{path}</span>
        <span class="quiet block">{told(reason)}</span>
      </span>
    </li>
  );
}
