import type { Task } from '../../src/workflow/schemas.ts';
import { Icon } from '../icon.tsx';
import { aText, keep, useKept } from '../kept.ts';
import { t } from '../l10n.ts';
import { Prose } from '../prose.tsx';
import type { Draft } from './draft.ts';

/** The developer's comment on a task, to go into the next refinement. */
export function TaskComments({ task: { id }, draft }: { task: Task; draft: Draft }) {
  const said = draft.comments.find(({ taskId }) => taskId === id)?.text;
  if (draft.commenting === id) return <CommentForm id={id} said={said ?? ''} draft={draft} />;
  if (said === undefined) return null;
  return (
    <div class="comment" data-testid={`comment-${id}`}>
      <Icon name="comment" tone="active" />
      <Prose text={said} />
      <button type="button" class="link" onClick={() => draft.commentOn(id)}>
        {t('Change')}
      </button>
    </div>
  );
}

function CommentForm({ id, said, draft }: { id: string; said: string; draft: Draft }) {
  const name = `comment ${draft.key} ${id}`;
  const [text, setText] = useKept(name, said, aText);
  const done = (comment: string) => {
    keep(name, undefined);
    draft.comment(id, comment);
  };
  const submit = () => done(text.trim());
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={(element) => element?.focus()}
        aria-label={t('Your comment on {0}', id)}
        data-testid="comment-text"
        rows={2}
        value={text}
        placeholder={t('What should the refiner change about this task?')}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
          if (event.key !== 'Escape') return;
          keep(name, undefined);
          draft.commentOn(null);
        }}
      />
      <div class="buttons">
        <button type="submit" class="primary" data-testid="comment-keep">
          {t('Keep comment')}
        </button>
        <button type="button" class="secondary" onClick={() => done('')}>
          {said === '' ? t('Cancel') : t('Delete comment')}
        </button>
      </div>
    </form>
  );
}
