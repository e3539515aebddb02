import { Icon } from '../icon.tsx';
import { inNumerals, plural, rich, t } from '../l10n.ts';
import { Findings } from '../review/findings.tsx';
import type { Draft } from './draft.ts';
import { idsOf } from './planIds.ts';

/** What was done to the plan and not sent yet, what it would score, and the ways on. */
export function DraftBar({ draft }: { draft: Draft }) {
  const { plan, comments, review } = draft;
  if (plan === null && comments.length === 0) return null;
  return (
    <section class="banner banner-info draft" aria-label={t('Your changes')} data-testid="draft">
      <p role="status">
        <Icon name="edit" tone="active" /> {whatChanged(draft)} {plan !== null && <Outlook review={review} />}
      </p>
      {review !== null && plan !== null && review.findings.length > 0 && (
        <Findings findings={review.findings} known={idsOf(plan)} />
      )}
      <div class="buttons">
        {plan !== null && draft.canEdit && (
          <button type="button" class="primary" data-testid="draft-use" onClick={draft.use}>
            {t('Use my version')}
          </button>
        )}
        {draft.canComment && (
          <button
            type="button"
            class={plan === null ? 'primary' : 'secondary'}
            data-testid="draft-refine"
            disabled={comments.length === 0}
            title={comments.length === 0 ? t('Comment on a task first') : ''}
            onClick={draft.refine}
          >
            {t('Refine with my comments')}
          </button>
        )}
        <button type="button" class="secondary" data-testid="draft-discard" onClick={draft.discard}>
          {t('Discard')}
        </button>
      </div>
    </section>
  );
}

function whatChanged({ plan, comments: { length: n } }: Draft): string {
  if (n === 0) return t('The plan is changed; nothing is sent yet.');
  return plan === null
    ? plural(n, t('{0} comment; nothing is sent yet.', n), t('{0} comments; nothing is sent yet.', n))
    : plural(
        n,
        t('The plan is changed, {0} comment; nothing is sent yet.', n),
        t('The plan is changed, {0} comments; nothing is sent yet.', n),
      );
}

function Outlook({ review }: { review: Draft['review'] }) {
  if (review === null) return <span class="quiet">{t('The linter is looking at it…')}</span>;
  const found = review.findings.length;
  return (
    <span data-testid="draft-score">
      {rich(t('With the reviewer’s points it would score {0}'), <strong>{inNumerals(review.score)}</strong>)}
      {'; '}
      {found === 0
        ? t('the linter has no findings.')
        : plural(found, t('the linter has {0} finding.', found), t('the linter has {0} findings.', found))}
    </span>
  );
}
