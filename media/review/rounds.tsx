import type { RunView } from '../../src/workflow/runState.ts';
import type { Improvement, Refinement, Review } from '../../src/workflow/schemas.ts';
import { Icon } from '../icon.tsx';
import { inNumerals, rich, t, toldIfOurs } from '../l10n.ts';
import { inline } from '../prose.tsx';
import { PlanChangesView } from './planChangesView.tsx';

/** How the score came along, and what each refinement did about what the review before it asked for. */
export function Rounds({ reviews, refinements, plans }: Pick<RunView, 'reviews' | 'refinements' | 'plans'>) {
  if (reviews.length < 2 && refinements.length === 0) return null;
  return (
    <section>
      <h3>{t('Rounds')}</h3>
      <ol class="score-steps">
        {reviews.map(({ round, review }, index) => (
          <li key={round}>
            {index > 0 && <Icon name="arrow-right" />}
            <span class={review.verdict === 'pass' ? 'score-step tone-good' : 'score-step'}>
              {inNumerals(review.score)}
            </span>
            <span class="quiet">{round === 0 ? t('first plan') : t('round {0}', round)}</span>
          </li>
        ))}
      </ol>
      {refinements.map((refinement) => (
        <RefinementView
          key={refinement.round}
          refinement={refinement}
          asked={improvementsBefore(reviews, refinement)}
          plans={plans}
        />
      ))}
    </section>
  );
}

interface RefinementViewProps {
  readonly refinement: Refinement;
  /** Improvements of the review before it, by id. */
  readonly asked: ReadonlyMap<string, Improvement>;
  readonly plans: RunView['plans'];
}

function RefinementView({ refinement, asked, plans }: RefinementViewProps) {
  const { round, addressed, declined, scoreBefore, scoreAfter } = refinement;
  const after = plans.find((entry) => entry.round === round)?.plan;
  const before = plans.findLast((entry) => entry.round < round)?.plan;
  const what = (id: string) => asked.get(id)?.what ?? '';
  return (
    <div class="card">
      <h4 class="card-title">
        {t('Refinement {0}', round)}{' '}
        <span class="quiet">
          {inNumerals(scoreBefore)} → {inNumerals(scoreAfter)}
        </span>
      </h4>
      <ul class="improvements">
        {addressed.map(({ improvementId, change }) => (
          <li key={improvementId}>
            <Icon name="check" tone="good" label={t('addressed')} />
            <span>
              <strong>{improvementId}</strong> {inline(what(improvementId))} <span class="quiet">{inline(change)}</span>
            </span>
          </li>
        ))}
        {declined.map(({ improvementId, why }) => (
          <li key={improvementId}>
            <Icon name="close" tone="warn" label={t('declined')} />
            <span>
              <strong>{improvementId}</strong> {inline(what(improvementId))}{' '}
              <span class="quiet">{rich(t('Declined: {0}'), inline(toldIfOurs(why)))}</span>
            </span>
          </li>
        ))}
        {addressed.length + declined.length === 0 && <li class="quiet">{t('The review had asked for nothing.')}</li>}
      </ul>
      {before !== undefined && after !== undefined && <PlanChangesView round={round} before={before} after={after} />}
    </div>
  );
}

/** Improvement ids are those of the review that was refined: the last of an earlier round with its score. */
function improvementsBefore(reviews: RunView['reviews'], refinement: Refinement): ReadonlyMap<string, Improvement> {
  const earlier = reviews.filter(({ round }) => round < refinement.round);
  const refined: Review | undefined = (
    earlier.findLast(({ review }) => review.score === refinement.scoreBefore) ?? earlier.at(-1)
  )?.review;
  return new Map(
    (refined?.criteria ?? []).flatMap(({ improvements }) => improvements.map((each) => [each.id, each] as const)),
  );
}
