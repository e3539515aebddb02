import { useId } from 'preact/hooks';
import type { TracedCheck, TracedRequirement, TracedTest } from '../../src/workflow/trace/traceSchema.ts';
import { type Look, proofLooks, verdictLooks } from '../checkLooks.ts';
import { Icon } from '../icon.tsx';
import { inNumerals, t } from '../l10n.ts';
import { inline } from '../prose.tsx';
import { stateLooks } from './looks.ts';
import type { Parts } from './parts.ts';
import { RequirementDetail } from './requirementDetail.tsx';

export interface RequirementRowProps {
  readonly requirement: TracedRequirement;
  readonly parts: Parts;
  readonly open: boolean;
  readonly toggle: () => void;
}

export function RequirementRow({ requirement, parts, open, toggle }: RequirementRowProps) {
  const { id, text, state, taskIds, counts } = requirement;
  const detailId = useId();
  const look = stateLooks[state];
  const tests = requirement.testIds.flatMap((test) => parts.tests.get(test) ?? []);
  const checks = requirement.checkIds.flatMap((check) => parts.checks.get(check) ?? []);
  return (
    <tbody>
      <tr data-testid={`trace-${id}`} data-state={state}>
        <th scope="row">
          <button
            type="button"
            class="disclosure"
            aria-expanded={open}
            aria-controls={detailId}
            data-requirement={id}
            onClick={toggle}
          >
            <Icon name={open ? 'chevron-down' : 'chevron-right'} />
            <span>
              <strong>{id}</strong> {inline(text)}
            </span>
          </button>
        </th>
        <td class="trace-state">
          <Icon name={look.icon} tone={look.tone} /> {look.label}
        </td>
        <td class="trace-tasks">
          {taskIds.length === 0 ? <span class="tone-bad">{t('none')}</span> : taskIds.join(', ')}
        </td>
        <td class="number">{inNumerals(counts.accepted)}</td>
        <td class="number">{inNumerals(counts.rejected)}</td>
        <td class="number">{inNumerals(counts.pending)}</td>
        <td>
          <Tally looks={tests.map(lookOfTest)} />
        </td>
        <td>
          <Tally looks={checks.map(lookOfCheck)} />
        </td>
      </tr>
      <tr hidden={!open}>
        <td colSpan={8} id={detailId} class="trace-detail" data-testid={`trace-detail-${id}`}>
          {open && <RequirementDetail requirement={requirement} parts={parts} tests={tests} checks={checks} />}
        </td>
      </tr>
    </tbody>
  );
}

const untried: Look = { icon: 'beaker', tone: 'quiet', label: t('nobody tried it without the implementation') };

function lookOfTest({ proof }: TracedTest): Look {
  return proof === null ? untried : proofLooks[proof.verdict];
}

function lookOfCheck({ verdict }: TracedCheck): Look {
  return verdictLooks[verdict];
}

/** How many there are of each kind: the icon says which, and its label says it to who cannot see it. */
function Tally({ looks }: { looks: readonly Look[] }) {
  if (looks.length === 0) return <span class="quiet">{t('none')}</span>;
  return (
    <span class="tally">
      {[...Map.groupBy(looks, (look) => look)].map(([look, own]) => (
        <span key={look.label}>
          <Icon name={look.icon} tone={look.tone} label={look.label} /> {inNumerals(own.length)}
        </span>
      ))}
    </span>
  );
}
