import type { Task } from '../../src/workflow/schemas.ts';
import { Icon } from '../icon.tsx';
import type { Draft } from './draft.ts';

/** What can be done with one task of a plan that waits for approval. */
export function TaskTools({ task: { id }, draft }: { task: Task; draft: Draft }) {
  return (
    <span class="tools" role="toolbar" aria-label={`Change ${id}`}>
      {draft.canEdit && (
        <>
          <Tool icon="edit" name={`Edit ${id}`} onClick={() => draft.edit(draft.editing === id ? null : id)} />
          <Tool icon="arrow-up" name={`Move ${id} up`} onClick={() => draft.move(id, -1)} />
          <Tool icon="arrow-down" name={`Move ${id} down`} onClick={() => draft.move(id, 1)} />
          <Tool icon="split-vertical" name={`Split ${id} in two`} onClick={() => draft.split(id)} />
          <Tool icon="trash" name={`Drop ${id}`} onClick={() => draft.drop(id)} />
        </>
      )}
      {draft.canComment && (
        <Tool
          icon="comment"
          name={`Comment on ${id}`}
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
