import { useMemo } from 'preact/hooks';
import type { RunView } from '../../src/workflow/runState.ts';
import type { Review } from '../../src/workflow/schemas.ts';
import { Icon } from '../icon.tsx';
import { aNumber, orNone, useKept } from '../kept.ts';
import { inNumerals, t, told } from '../l10n.ts';
import { Missing } from '../missing.tsx';
import { idsOf } from '../plan/planIds.ts';
import { roundName } from '../plan/roundName.ts';
import { Findings } from './findings.tsx';
import { Matrix } from './matrix.tsx';
import { Rounds } from './rounds.tsx';

export function ReviewTab({
  view,
}: {
  view: Pick<RunView, 'plan' | 'planRound' | 'plans' | 'reviews' | 'refinements'>;
}) {
  const known = useMemo(() => (view.plan === null ? new Set<string>() : idsOf(view.plan)), [view.plan]);
  const [picked, setPicked] = useKept<number | null>('review.round', null, orNone(aNumber));
  const find = (round: number | null) => view.reviews.find((entry) => entry.round === round);
  const shown = find(picked) ?? find(view.planRound) ?? view.reviews.at(-1);
  if (shown === undefined)
    return (
      <Missing icon="law" text={t('The review appears here once the plan has been judged against the criteria.')} />
    );
  return (
    <>
      {view.reviews.length > 1 && (
        <label class="rounds">
          {t('Review of')}
          <select value={String(shown.round)} onChange={(event) => setPicked(Number(event.currentTarget.value))}>
            {view.reviews.map(({ round }) => (
              <option key={round} value={String(round)}>
                {roundName(round, round === view.planRound)}
              </option>
            ))}
          </select>
        </label>
      )}
      <Score review={shown.review} />
      <Findings findings={shown.review.findings} known={known} />
      <section>
        <h3>{t('Criteria')}</h3>
        <Matrix review={shown.review} known={known} />
      </section>
      <Rounds reviews={view.reviews} refinements={view.refinements} plans={view.plans} />
    </>
  );
}

function Score({ review: { score, threshold, verdict, arithmetic, carriedOver } }: { review: Review }) {
  const passed = verdict === 'pass';
  return (
    <section class="score-box">
      <div class="score-line">
        <strong class={`score ${passed ? 'tone-good' : 'tone-warn'}`} data-testid="score">
          {inNumerals(score)}
        </strong>
        <span>
          <span class="quiet">{t('of 100, threshold {0}', threshold)}</span>
          <br />
          <Icon name={passed ? 'pass-filled' : 'warning'} tone={passed ? 'good' : 'warn'} />{' '}
          {passed ? t('Pass') : t('Needs refinement')}
          {carriedOver === true && ` — ${t('the points are those of the version before your edit')}`}
        </span>
      </div>
      <svg class="score-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="score-track" width="100" height="6" />
        <rect class={passed ? 'score-good' : 'score-warn'} width={score} height="6" />
        <rect class="score-threshold" x={threshold - 0.25} width="0.5" height="6" />
      </svg>
      <p class="arithmetic">{told(arithmetic)}</p>
    </section>
  );
}
