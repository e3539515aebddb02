import type { RunView } from '../../src/workflow/runState.ts';
import { duration } from '../format.ts';
import { inNumerals, t, told } from '../l10n.ts';

/** What was measured, or that it was not. */
export function Figures({ view: { output, coverage, reviews, planRound } }: { view: RunView }) {
  const score = output?.metrics.planScore ?? reviews.find(({ round }) => round === planRound)?.review.score;
  const overall = coverage?.overall ?? output?.metrics.testCoverage ?? null;
  const changed = coverage?.changedLines ?? null;
  return (
    <dl class="figures">
      {score !== undefined && (
        <div>
          <dt>{t('Plan score')}</dt>
          <dd>{inNumerals(score)}</dd>
        </div>
      )}
      {output !== null && (
        <div>
          <dt>{t('Implementation time')}</dt>
          <dd>{duration(output.metrics.implementationTime)}</dd>
        </div>
      )}
      <div>
        <dt>{t('Test coverage')}</dt>
        <dd>
          {overall === null ? (
            <span class="quiet" title={coverage?.reason === undefined ? undefined : told(coverage.reason)}>
              {t('not measured')}
            </span>
          ) : (
            t('{0} %', rounded(overall))
          )}
        </dd>
      </div>
      {changed !== null && (
        <div>
          <dt>{t('Of the changed lines')}</dt>
          <dd>{t('{0} %', rounded(changed))}</dd>
        </div>
      )}
    </dl>
  );
}

function rounded(percent: number): number {
  return Math.round(percent * 10) / 10;
}
