import type { TracedCheck } from '../../src/workflow/trace/traceSchema.ts';
import { verdictLooks } from '../checkLooks.ts';
import { duration } from '../format.ts';
import { Icon } from '../icon.tsx';
import { KeptDetails } from '../keptDetails.tsx';
import { t, told } from '../l10n.ts';
import { inline } from '../prose.tsx';

/** All checks of the run; those that fail first. */
export function Checks({ checks }: { checks: readonly TracedCheck[] }) {
  const failsFirst = checks.toSorted((a, b) => rank(a) - rank(b));
  return (
    <section data-testid="checks">
      <h2>{t('Checks')}</h2>
      {failsFirst.map((check) => (
        <CheckResult key={check.id} check={check} of="run" />
      ))}
    </section>
  );
}

function rank({ verdict }: TracedCheck): number {
  return verdict === 'new failure' ? 0 : 1;
}

/** What a check said, and, opened, what it printed. */
export function CheckResult({ check, of }: { check: TracedCheck; of: string }) {
  const { name, taskId, verdict, reason, newFailures, output, round, earlier, outdated, durationMs } = check;
  const look = verdictLooks[verdict];
  return (
    <KeptDetails
      class="check"
      verdict={verdict}
      name={`report ${of} ${check.id}`}
      summary={
        <>
          <Icon name={look.icon} tone={look.tone} label={look.label} /> <code>{name}</code>{' '}
          {taskId === null ? t('over all edits') : t('over the edits of {0}', taskId)}: {look.label}{' '}
          <span class="quiet">{duration(durationMs)}</span>
        </>
      }
    >
      <p>{inline(told(reason))}</p>
      {outdated && <p>{t('Edits it has seen were changed since.')}</p>}
      {round > 1 && (
        <p class="quiet">{t('Round {0}. Before: {1}', round, earlier.map((one) => told(one.reason)).join(' '))}</p>
      )}
      {newFailures.length > 0 && (
        <ul>
          {newFailures.map((test) => (
            <li key={test}>{test}</li>
          ))}
        </ul>
      )}
      {output === '' ? (
        <p class="quiet">{t('It is not kept what it printed: it passed.')}</p>
      ) : (
        <pre class="stream-scroll">{output}</pre>
      )}
    </KeptDetails>
  );
}
