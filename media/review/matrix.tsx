import type { CriterionReview, Evidence, Improvement, Review } from '../../src/workflow/schemas.ts';
import { Chip, PathLink, PlanLink } from '../chips.tsx';
import { Icon, severityLooks } from '../icon.tsx';
import { inNumerals, plural, t, toldIfOurs } from '../l10n.ts';
import { inline, Prose } from '../prose.tsx';
import { criterionNames } from './criterionNames.ts';

/** The criteria matrix: one line of figures a criterion, and under it what they rest on. */
export function Matrix({ review, known }: { review: Review; known: ReadonlySet<string> }) {
  const sum = review.criteria.reduce((total, criterion) => total + pointsOf(criterion), 0);
  return (
    <div class="table-scroll">
      <table class="matrix">
        <caption class="hidden-caption">{t('The review, criterion by criterion')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('Criterion')}</th>
            <th scope="col" class="number">
              {t('Weight')}
            </th>
            <th scope="col" class="number">
              {t('Given')}
            </th>
            <th scope="col" class="number">
              {t('Counts')}
            </th>
            <th scope="col" class="number" title={t('Weight × what counts / 10')}>
              {t('Points')}
            </th>
          </tr>
        </thead>
        {review.criteria.map((criterion) => (
          <tbody key={criterion.id}>
            <Figures criterion={criterion} />
            <tr>
              <td colSpan={5} class="matrix-ground">
                <Ground criterion={criterion} known={known} />
              </td>
            </tr>
          </tbody>
        ))}
        <tfoot>
          <tr>
            <th scope="row">{t('Sum')}</th>
            <td class="number">{review.criteria.reduce((total, { weight }) => total + weight, 0)}</td>
            <td colSpan={2} class="quiet">
              {round(sum, 1) === review.score ? '' : t('counts as {0}, see above', inNumerals(review.score))}
            </td>
            <td class="number" data-testid="sum">
              <strong>{inNumerals(round(sum, 1))}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

/** What a criterion adds to the score, of 100. */
function pointsOf({ weight, score }: CriterionReview): number {
  return (weight * score) / 10;
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function Figures({ criterion }: { criterion: CriterionReview }) {
  const { id, weight, given, givenBy, score } = criterion;
  return (
    <tr class="matrix-figures">
      <th scope="row">{criterionNames[id]}</th>
      <td class="number">{weight}</td>
      <td class="number">
        {score === given ? inNumerals(given) : <del>{inNumerals(given)}</del>}
        {givenBy !== undefined && <Spread points={givenBy} />}
      </td>
      <td class="number">
        <meter min={0} max={10} value={score} low={5} high={8} optimum={10} aria-hidden="true" />
        <strong>{inNumerals(score)}</strong>
        <span class="quiet">/10</span>
      </td>
      <td class="number">{inNumerals(round(pointsOf(criterion), 2))}</td>
    </tr>
  );
}

/** How far several reviewers are apart; three points or more deserve a look. */
function Spread({ points }: { points: readonly number[] }) {
  const [least, most] = [Math.min(...points), Math.max(...points)];
  if (least === most) return null;
  return (
    <span
      class={most - least >= 3 ? 'tone-warn' : 'quiet'}
      title={t('The reviewers gave {0}; their median counts.', points.map((point) => inNumerals(point)).join(', '))}
    >
      {` (${least}–${most})`}
    </span>
  );
}

function Ground({ criterion, known }: { criterion: CriterionReview; known: ReadonlySet<string> }) {
  const { cappedBy, score, rationale, evidence, droppedEvidence, improvements } = criterion;
  return (
    <>
      {cappedBy !== undefined && (
        <Chip
          text={t('capped at {0} by {1}', score, cappedBy)}
          tone="warn"
          icon="law"
          title={t('A finding of the plan linter limits this score')}
        />
      )}
      <Prose text={toldIfOurs(rationale)} />
      {(evidence.length > 0 || droppedEvidence > 0) && (
        <ul class="evidence" aria-label={t('Evidence')}>
          {evidence.map((piece) => (
            <EvidenceLine key={JSON.stringify(piece)} piece={piece} known={known} />
          ))}
          {droppedEvidence > 0 && (
            <li class="quiet">
              <Icon name="trash" />
              {plural(
                droppedEvidence,
                t('{0} piece of evidence named nothing real and was dropped.', droppedEvidence),
                t('{0} pieces of evidence named nothing real and were dropped.', droppedEvidence),
              )}
            </li>
          )}
        </ul>
      )}
      {improvements.length > 0 && (
        <ul class="improvements" aria-label={t('Improvements')}>
          {improvements.map((improvement) => (
            <ImprovementLine key={improvement.id} improvement={improvement} />
          ))}
        </ul>
      )}
    </>
  );
}

interface EvidenceLineProps {
  readonly piece: Evidence;
  /** Ids that the plan has. */
  readonly known: ReadonlySet<string>;
}

function EvidenceLine({ piece: { taskId, requirementId, path, quote }, known }: EvidenceLineProps) {
  return (
    <li>
      <Icon name="search" />
      {taskId !== undefined && <PlanLink id={taskId} known={known} />}
      {requirementId !== undefined && <PlanLink id={requirementId} known={known} />}
      {path !== undefined && <PathLink path={path} quote={quote} />}
      {quote !== undefined && <q dir="auto">{quote}</q>}
    </li>
  );
}

function ImprovementLine({ improvement: { id, what, why, severity } }: { improvement: Improvement }) {
  const look = severityLooks[severity];
  return (
    <li>
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <span>
        <strong>{id}</strong> {inline(what)} {why !== '' && <span class="quiet">{inline(why)}</span>}
      </span>
    </li>
  );
}
