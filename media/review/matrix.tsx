import type { CriterionReview, Evidence, Improvement, Review } from '../../src/workflow/schemas.ts';
import { Chip, PathLink } from '../chips.tsx';
import { Icon, severityLooks } from '../icon.tsx';
import { inNumerals, plural, t, toldIfOurs } from '../l10n.ts';
import { inline, Prose } from '../prose.tsx';
import { criterionNames } from './criterionNames.ts';

/** The criteria matrix: one line of figures a criterion, and under it what they rest on. */
export function Matrix({ review }: { review: Review }) {
  return (
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
        </tr>
      </thead>
      {review.criteria.map((criterion) => (
        <tbody key={criterion.id}>
          <Figures criterion={criterion} />
          <tr>
            <td colSpan={4} class="matrix-ground">
              <Ground criterion={criterion} />
            </td>
          </tr>
        </tbody>
      ))}
    </table>
  );
}

function Figures({ criterion: { id, weight, given, givenBy, score } }: { criterion: CriterionReview }) {
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

function Ground({ criterion }: { criterion: CriterionReview }) {
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
            <EvidenceLine key={JSON.stringify(piece)} piece={piece} />
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

function EvidenceLine({ piece: { taskId, requirementId, path, quote } }: { piece: Evidence }) {
  return (
    <li>
      <Icon name="search" />
      {taskId !== undefined && <Chip text={taskId} />}
      {requirementId !== undefined && <Chip text={requirementId} />}
      {path !== undefined && <PathLink path={path} />}
      {quote !== undefined && <q>{quote}</q>}
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
