import type { TracedCheck, TracedRequirement, TracedTest } from '../../src/workflow/trace/traceSchema.ts';
import { proofLooks } from '../checkLooks.ts';
import { Icon } from '../icon.tsx';
import { t, told } from '../l10n.ts';
import { inline } from '../prose.tsx';
import { post } from '../vscode.ts';
import { CheckResult } from './checks.tsx';
import { HunkList } from './hunkList.tsx';
import type { Parts } from './parts.ts';

export interface RequirementDetailProps {
  readonly requirement: TracedRequirement;
  readonly parts: Parts;
  readonly tests: readonly TracedTest[];
  readonly checks: readonly TracedCheck[];
}

/** Why a requirement is in its state, and everything that was made for it. */
export function RequirementDetail({ requirement, parts, tests, checks }: RequirementDetailProps) {
  const { why, hunkIds, taskIds } = requirement;
  return (
    <>
      <p>{inline(told(why))}</p>
      <h3>{t('Edits')}</h3>
      {hunkIds.length === 0 && <p class="quiet">{t('Nothing was proposed.')}</p>}
      <HunkList hunks={hunkIds.flatMap((id) => parts.hunks.get(id) ?? [])} of={requirement.id} />
      <h3>{t('Tests')}</h3>
      {tests.length === 0 && <p class="quiet">{t('None of its tasks has a test.')}</p>}
      <ul class="plain">
        {tests.map((test) => (
          <TestLine key={test.id} test={test} />
        ))}
      </ul>
      <Planned tests={taskIds.flatMap((id) => parts.tasks.get(id)?.plannedTests ?? [])} />
      <h3>{t('Checks')}</h3>
      {checks.length === 0 && <p class="quiet">{t('No check ran over its edits.')}</p>}
      {checks.map((check) => (
        <CheckResult key={check.id} check={check} of={requirement.id} />
      ))}
    </>
  );
}

function TestLine({ test: { path, taskId, proof } }: { test: TracedTest }) {
  const look = proof === null ? null : proofLooks[proof.verdict];
  return (
    <li>
      <span class="task-id">{taskId}</span>{' '}
      <button
        type="button"
        class="link path"
        data-testid={`test-${path}`}
        onClick={() => post({ type: 'openTest', path })}
      >
        {path}
      </button>{' '}
      {look !== null && (
        <span>
          <Icon name={look.icon} tone={look.tone} /> {look.label}
        </span>
      )}
      {proof !== null && <div class="quiet">{inline(told(proof.reason))}</div>}
    </li>
  );
}

function Planned({ tests }: { tests: readonly string[] }) {
  if (tests.length === 0) return null;
  return (
    <>
      <p class="quiet">{t('The plan asks for:')}</p>
      <ul>
        {tests.map((test) => (
          <li key={test}>{inline(test)}</li>
        ))}
      </ul>
    </>
  );
}
