import type { Finding } from '../../src/workflow/schemas.ts';
import { Icon, severityLooks } from '../icon.tsx';
import { inline } from '../prose.tsx';
import { criterionNames } from './criterionNames.ts';

/** What the plan linter found, and which criterion each finding caps. */
export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <section>
      <h3>Plan linter</h3>
      {findings.length === 0 && (
        <p class="quiet">
          <Icon name="check" tone="good" /> No findings.
        </p>
      )}
      <ul class="improvements">
        {findings.map(({ rule, severity, message, where, criterion, cap }) => {
          const look = severityLooks[severity];
          return (
            <li key={`${rule} ${where}`}>
              <Icon name={look.icon} tone={look.tone} label={look.label} />
              <span>
                {inline(message)}{' '}
                <span class="quiet">
                  {where} · <code>{rule}</code> · caps {criterionNames[criterion]} at {cap}
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
