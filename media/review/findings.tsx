import type { Finding } from '../../src/workflow/schemas.ts';
import { PlanLink } from '../chips.tsx';
import { Icon, severityLooks } from '../icon.tsx';
import { inNumerals, t, told } from '../l10n.ts';
import { inline } from '../prose.tsx';
import { criterionNames } from './criterionNames.ts';

/** What the plan linter found, and which criterion each finding caps. */
export function Findings({ findings, known }: { findings: readonly Finding[]; known: ReadonlySet<string> }) {
  return (
    <section>
      <h3>{t('Plan linter')}</h3>
      {findings.length === 0 && (
        <p class="quiet">
          <Icon name="check" tone="good" /> {t('No findings.')}
        </p>
      )}
      <ul class="improvements">
        {findings.map(({ rule, severity, message, where, criterion, cap }) => {
          const look = severityLooks[severity];
          return (
            <li key={`${rule} ${where} ${message}`}>
              <Icon name={look.icon} tone={look.tone} label={look.label} />
              <span>
                {inline(told(message))}{' '}
                <span class="quiet">
                  {known.has(where) ? <PlanLink id={where} known={known} /> : where} · <code>{rule}</code> ·{' '}
                  {t('caps {0} at {1}', criterionNames[criterion], inNumerals(cap))}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
