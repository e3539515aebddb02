import type { Task } from '../../src/workflow/schemas.ts';
import { Icon } from '../icon.tsx';
import { t } from '../l10n.ts';
import type { Draft } from './draft.ts';

/** What can be done with one task of a plan that waits for approval. */
export function TaskTools({ task: { id }, draft }: { task: Task; draft: Draft }) {
  return (
    <span class="tools" role="toolbar" aria-label={t('Change {0}', id)}>
      {draft.canEdit && (
        <>
          <Tool icon="edit" name={t('Edit {0}', id)} onClick={() => draft.edit(draft.editing === id ? null : id)} />
          <Tool icon="arrow-up" name={t('Move {0} up', id)} onClick={() => draft.move(id, -1)} />
          <Tool icon="arrow-down" name={t('Move {0} down', id)} onClick={() => draft.move(id, 1)} />
          <Tool icon="split-vertical" name={t('Split {0} in two', id)} onClick={() => draft.split(id)} />
          <Tool icon="trash" name={t('Drop {0}', id)} onClick={() => draft.drop(id)} />
        </>
      )}
      {draft.canComment && (
        <Tool
          icon="comment"
          name={t('Comment on {0}', id)}
          onClick={() => draft.commentOn(draft.commenting === id ? null : id)}
        />
      )}
    </span>
  );
}

function Tool({ icon, name, onClick }: { icon: string; name: string; onClick: () => void }) {
  return (
    <button type="button" class="tool" title={name} aria-label={name} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
