import { useState } from 'preact/hooks';
import type { Task } from '../../src/workflow/schemas.ts';
import { t } from '../l10n.ts';
import type { Draft } from './draft.ts';
import { filesAsText, filesFromText, idsFromText, linesFromText } from './taskFields.ts';

/** The fields of a task. Each takes effect as it is left, so that the linter speaks at once. */
export function TaskEditor({ task, draft }: { task: Task; draft: Draft }) {
  const { id } = task;
  const set = (change: Partial<Omit<Task, 'id'>>) => draft.change(id, change);
  return (
    <form class="task-editor" aria-label={t('Fields of {0}', id)} onSubmit={(event) => event.preventDefault()}>
      <Field
        id="title"
        name={t('Title')}
        value={task.title}
        rows={1}
        take={(text) => text.trim() !== '' && set({ title: text.trim() })}
      />
      <Field
        id="description"
        name={t('Description')}
        value={task.description}
        rows={3}
        take={(text) => set({ description: text.trim() })}
      />
      <Field
        id="depends-on"
        name={t('Depends on')}
        value={task.dependsOn.join(', ')}
        rows={1}
        hint={t('Ids of tasks, as T1, T2')}
        take={(text) => set({ dependsOn: idsFromText(text, 'T') })}
      />
      <Field
        id="requirements"
        name={t('Requirements')}
        value={task.requirements.join(', ')}
        rows={1}
        hint={t('Ids of requirements, as R1, R2')}
        take={(text) => set({ requirements: idsFromText(text, 'R') })}
      />
      <Field
        id="files"
        name={t('Files')}
        value={filesAsText(task.files)}
        rows={3}
        hint={t('One a line: create, modify or delete and a path; or rename old -> new')}
        take={(text) => set({ files: filesFromText(text) })}
      />
      <Field
        id="done-when"
        name={t('Done when')}
        value={task.doneWhen.join('\n')}
        rows={3}
        hint={t('One a line')}
        take={(text) => set({ doneWhen: linesFromText(text) })}
      />
      <Field
        id="tests"
        name={t('Tests')}
        value={task.tests.join('\n')}
        rows={2}
        hint={t('One a line')}
        take={(text) => set({ tests: linesFromText(text) })}
      />
      <label>
        {t('Size')}
        <select value={task.size} onChange={(event) => set({ size: event.currentTarget.value as Task['size'] })}>
          <option value="S">{t('small')}</option>
          <option value="M">{t('medium')}</option>
          <option value="L">{t('large')}</option>
        </select>
      </label>
      <button type="button" class="secondary" data-testid="task-done" onClick={() => draft.edit(null)}>
        {t('Close')}
      </button>
    </form>
  );
}

interface FieldProps {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly rows: number;
  readonly hint?: string;
  readonly take: (text: string) => unknown;
}

/** Keeps what is typed while it is typed; what it was read as is shown when the field is left. */
function Field({ id, name, value, rows, hint, take }: FieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label>
      <span>
        {name} {hint !== undefined && <span class="quiet">{hint}</span>}
      </span>
      <textarea
        rows={rows}
        value={typed ?? value}
        data-testid={`field-${id}`}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          take(event.currentTarget.value);
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}
