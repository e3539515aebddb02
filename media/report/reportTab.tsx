import { useMemo } from 'preact/hooks';
import type { RunView } from '../../src/workflow/runState.ts';
import { traceOf } from '../../src/workflow/trace/trace.ts';
import { t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import type { Revealed } from '../panelState.ts';
import { inline, Prose } from '../prose.tsx';
import { post } from '../vscode.ts';
import { Checks } from './checks.tsx';
import { Figures } from './figures.tsx';
import { Matrix } from './matrix.tsx';
import { Unserving } from './unserving.tsx';

export function ReportTab({ view, revealed }: { view: RunView; revealed: Revealed | null }) {
  const { output, plan, tasks, proposals, hunkDecisions, rewrittenAt, checks, proofs } = view;
  const trace = useMemo(() => traceOf(view), [plan, tasks, proposals, hunkDecisions, rewrittenAt, checks, proofs]);
  const begun = view.phases.implementation.state !== 'pending';
  if (trace === null || (output === null && !begun))
    return (
      <Missing
        icon="output"
        text={t('The report appears here when the run is done; until then, what became of each requirement.')}
      />
    );
  return (
    <>
      <div class="report-head">
        <Figures view={view} />
        <div class="buttons">
          <button type="button" data-testid="report-show" onClick={() => post({ type: 'report', act: 'show' })}>
            {t('Open the whole report')}
          </button>
          <button type="button" onClick={() => post({ type: 'report', act: 'export' })}>
            {t('Export…')}
          </button>
        </div>
      </div>
      <Matrix trace={trace} revealed={revealed} />
      {trace.unservingHunkIds.length > 0 && <Unserving trace={trace} />}
      {trace.checks.length > 0 && <Checks checks={trace.checks} />}
      {output !== null && (
        <section>
          <h2>{t('Implementation')}</h2>
          <Prose text={output.implementation === '' ? t('Nothing was reported.') : output.implementation} />
        </section>
      )}
      {output !== null && output.documentation !== '' && (
        <section>
          <h2>{t('Documentation')}</h2>
          <Prose text={output.documentation} />
        </section>
      )}
      {view.learned.length > 0 && <Learned facts={view.learned} />}
    </>
  );
}

function Learned({ facts }: { facts: readonly string[] }) {
  return (
    <section>
      <h2>{t('Learned earlier and used here')}</h2>
      <ul class="plain">
        {facts.map((fact) => (
          <li key={fact}>{inline(fact)}</li>
        ))}
      </ul>
    </section>
  );
}
