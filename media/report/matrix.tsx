import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Trace } from '../../src/workflow/trace/traceSchema.ts';
import { Icon } from '../icon.tsx';
import { texts, useKept } from '../kept.ts';
import { t } from '../l10n.ts';
import type { Revealed } from '../panelState.ts';
import { partsOf } from './parts.ts';
import { RequirementRow } from './requirementRow.tsx';

const noneOpen: readonly string[] = [];

/** One row a requirement; open, it leads to each of its edits, tests and checks. */
export function Matrix({ trace, revealed }: { trace: Trace; revealed: Revealed | null }) {
  const parts = useMemo(() => partsOf(trace), [trace]);
  const [open, setOpen] = useKept('requirements.open', noneOpen, texts);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    if (revealed === null) return;
    setOpen([...new Set([...open, revealed.requirementId])]);
    const row = table.current?.querySelector<HTMLElement>(`[data-requirement="${CSS.escape(revealed.requirementId)}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'center' });
  }, [revealed]);
  const toggle = (id: string) => setOpen(open.includes(id) ? open.filter((other) => other !== id) : [...open, id]);
  return (
    <section>
      <h2>{t('From requirement to proof')}</h2>
      <div class="table-scroll">
        <table class="traces" ref={table} data-testid="traces">
          <caption class="hidden-caption">
            {t('Each requirement with its tasks, what was decided about its edits, its tests and its checks')}
          </caption>
          <thead>
            <tr>
              <th scope="col">{t('Requirement')}</th>
              <th scope="col">{t('State')}</th>
              <th scope="col">{t('Tasks')}</th>
              <th scope="col" class="number">
                <Icon name="pass-filled" tone="good" label={t('Hunks accepted')} />
              </th>
              <th scope="col" class="number">
                <Icon name="discard" tone="bad" label={t('Hunks rejected')} />
              </th>
              <th scope="col" class="number">
                <Icon name="circle-large-outline" tone="warn" label={t('Hunks pending')} />
              </th>
              <th scope="col">{t('Tests')}</th>
              <th scope="col">{t('Checks')}</th>
            </tr>
          </thead>
          {trace.requirements.map((requirement) => (
            <RequirementRow
              key={requirement.id}
              requirement={requirement}
              parts={parts}
              open={open.includes(requirement.id)}
              toggle={() => toggle(requirement.id)}
            />
          ))}
        </table>
      </div>
    </section>
  );
}
