import type { TaskState } from '../../src/workflow/runState.ts';
import { t } from '../l10n.ts';
import { post } from '../vscode.ts';

/** What can be done with one task while the implementation goes on. */
export function TaskActions({ id, state }: { readonly id: string; readonly state: TaskState }) {
  if (state === 'failed' || state === 'cancelled') {
    return (
      <span class="buttons">
        <button type="button" class="link" onClick={() => post({ type: 'task', act: 'retry', taskId: id })}>
          {t('Try again')}
        </button>
        <button type="button" class="link" onClick={() => post({ type: 'task', act: 'skip', taskId: id })}>
          {t('Go on without it')}
        </button>
      </span>
    );
  }
  if (state !== 'running' && state !== 'pending') return null;
  return (
    <button
      type="button"
      class="link"
      aria-label={t('Cancel {0}', id)}
      data-testid={`cancel-${id}`}
      onClick={() => post({ type: 'task', act: 'cancel', taskId: id })}
    >
      {t('Cancel')}
    </button>
  );
}
