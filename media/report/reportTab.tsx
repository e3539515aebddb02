import type { RunView } from '../../src/workflow/runState.ts';
import type { Output } from '../../src/workflow/schemas.ts';
import { duration } from '../format.ts';
import { Icon } from '../icon.tsx';
import { inNumerals, t } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import { inline, Prose } from '../prose.tsx';
import { type Trace, traceRequirements } from './traceability.ts';

type ReportView = Pick<RunView, 'output' | 'plan' | 'proposals' | 'phases' | 'learned'>;

export function ReportTab({ view }: { view: ReportView }) {
  const { output, plan, proposals, phases } = view;
  const begun = phases.implementation.state !== 'pending';
  if (output === null && !begun)
    return (
      <Missing
        icon="output"
        text={t('The report appears here when the run is done; until then, what became of each requirement.')}
      />
    );
  return (
    <>
      {output !== null && <Figures metrics={output.metrics} />}
      {output !== null && (
        <section>
          <h3>{t('Implementation')}</h3>
          <Prose text={output.implementation === '' ? t('Nothing was reported.') : output.implementation} />
        </section>
      )}
      {plan !== null && <Traceability traces={traceRequirements(plan, proposals)} />}
      {output !== null && output.documentation !== '' && (
        <section>
          <h3>{t('Documentation')}</h3>
          <Prose text={output.documentation} />
        </section>
      )}
      {output !== null && <Tests tests={output.tests} />}
      {view.learned.length > 0 && <Learned facts={view.learned} />}
    </>
  );
}

function Figures({ metrics: { planScore, implementationTime, testCoverage } }: Pick<Output, 'metrics'>) {
  return (
    <dl class="figures">
      <div>
        <dt>{t('Plan score')}</dt>
        <dd>{inNumerals(planScore)}</dd>
      </div>
      <div>
        <dt>{t('Implementation time')}</dt>
        <dd>{duration(implementationTime)}</dd>
      </div>
      <div>
        <dt>{t('Test coverage')}</dt>
        <dd>
          {testCoverage === null ? (
            <span class="quiet">{t('not measured')}</span>
          ) : (
            t('{0} %', Math.round(testCoverage * 10) / 10)
          )}
        </dd>
      </div>
    </dl>
  );
}

function Tests({ tests }: Pick<Output, 'tests'>) {
  return (
    <section>
      <h3>{t('Tests')}</h3>
      {tests.length === 0 && <p class="quiet">{t('None were reported.')}</p>}
      <ul class="plain">
        {tests.map((test) => (
          <li key={test}>{inline(test)}</li>
        ))}
      </ul>
    </section>
  );
}

function Learned({ facts }: { facts: readonly string[] }) {
  return (
    <section>
      <h3>{t('Learned earlier and used here')}</h3>
      <ul class="plain">
        {facts.map((fact) => (
          <li key={fact}>{inline(fact)}</li>
        ))}
      </ul>
    </section>
  );
}

function Traceability({ traces }: { traces: readonly Trace[] }) {
  return (
    <section>
      <h3>{t('From requirement to edit')}</h3>
      <div class="table-scroll">
        <table class="traces">
          <thead>
            <tr>
              <th scope="col">{t('Requirement')}</th>
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
            </tr>
          </thead>
          <tbody>
            {traces.map(({ id, text, taskIds, accepted, rejected, pending }) => (
              <tr key={id} class="long-list-item">
                <th scope="row">
                  <strong>{id}</strong> {inline(text)}
                </th>
                <td>{taskIds.length === 0 ? <span class="tone-bad">{t('none')}</span> : taskIds.join(', ')}</td>
                <td class="number">{accepted}</td>
                <td class="number">{rejected}</td>
                <td class="number">{pending}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
