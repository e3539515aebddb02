import { plural } from '../format.ts';
import { Icon } from '../icon.tsx';
import { Findings } from '../review/findings.tsx';
import type { Draft } from './draft.ts';

/** What was done to the plan and not sent yet, what it would score, and the ways on. */
export function DraftBar({ draft }: { draft: Draft }) {
  const { plan, comments, review } = draft;
  if (plan === null && comments.length === 0) return null;
  const parts = [
    ...(plan === null ? [] : ['The plan is changed']),
    ...(comments.length === 0 ? [] : [plural(comments.length, 'comment')]),
  ];
  return (
    <section class="banner banner-info draft" aria-label="Your changes" data-testid="draft">
      <p role="status">
        <Icon name="edit" tone="active" /> {parts.join(', ')}; nothing is sent yet.{' '}
        {plan !== null && <Outlook review={review} />}
      </p>
      {review !== null && plan !== null && review.findings.length > 0 && <Findings findings={review.findings} />}
      <div class="buttons">
        {plan !== null && draft.canEdit && (
          <button type="button" class="primary" data-testid="draft-use" onClick={draft.use}>
            Use my version
          </button>
        )}
        {draft.canComment && (
          <button
            type="button"
            class={plan === null ? 'primary' : 'secondary'}
            data-testid="draft-refine"
            disabled={comments.length === 0}
            title={comments.length === 0 ? 'Comment on a task first' : ''}
            onClick={draft.refine}
          >
            Refine with my comments
          </button>
        )}
        <button type="button" class="secondary" data-testid="draft-discard" onClick={draft.discard}>
          Discard
        </button>
      </div>
    </section>
  );
}

function Outlook({ review }: { review: Draft['review'] }) {
  if (review === null) return <span class="quiet">The linter is looking at it…</span>;
  return (
    <span data-testid="draft-score">
      With the reviewer’s points it would score <strong>{review.score}</strong>; the linter has{' '}
      {review.findings.length === 0 ? 'no findings' : plural(review.findings.length, 'finding')}.
    </span>
  );
}
