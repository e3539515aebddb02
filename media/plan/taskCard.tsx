import type { Task } from '../../src/workflow/schemas.ts';
import { Chip, FileLink, RequirementChips } from '../chips.tsx';
import { t } from '../l10n.ts';
import { memo } from '../memo.ts';
import { inline, Prose } from '../prose.tsx';
import type { Draft } from './draft.ts';
import { partNames } from './partNames.ts';
import { TaskComments } from './taskComments.tsx';
import { TaskEditor } from './taskEditor.tsx';
import { TaskTools } from './taskTools.tsx';

const sizes: Readonly<Record<Task['size'], string>> = { S: t('small'), M: t('medium'), L: t('large') };

export interface TaskCardProps {
  readonly task: Task;
  readonly texts: ReadonlyMap<string, string>;
  /** Against the round before: new, or the fields that differ; nothing when it is the same. */
  readonly change: 'added' | readonly (keyof Task)[] | undefined;
  /** Set while the developer may change the plan. */
  readonly draft: Draft | null;
}

/** One task of the plan, with all that the plan says about it. */
export const TaskCard = memo(({ task, texts, change, draft }: TaskCardProps) => (
  <article class="card" aria-label={`${task.id} ${task.title}`} data-testid={`plan-${task.id}`}>
    <h4 class="card-title">
      <span class="task-id">{task.id}</span> {task.title}
      {draft !== null && <TaskTools task={task} draft={draft} />}
    </h4>
    <div class="chips">
      <Chip text={task.size} title={t('Size: {0}', sizes[task.size])} tone="quiet" />
      <RequirementChips ids={task.requirements} texts={texts} />
      {task.requirements.length === 0 && <Chip text={t('serves no requirement')} tone="warn" icon="warning" />}
      {task.dependsOn.length > 0 && <span class="quiet">{t('after {0}', task.dependsOn.join(', '))}</span>}
      {change === 'added' && <Chip text={t('new in this round')} tone="changed" icon="add" />}
      {Array.isArray(change) && (
        <Chip
          text={t(
            'changed: {0}',
            change.map((field: keyof Task) => (field === 'id' ? field : partNames[field])).join(', '),
          )}
          tone="changed"
          icon="edit"
        />
      )}
    </div>
    {task.description !== '' && <Prose text={task.description} />}
    <dl class="task-facts">
      <dt>{t('Files')}</dt>
      <dd>
        {task.files.map((file) => (
          <FileLink key={file.path} file={file} />
        ))}
        {task.files.length === 0 && <span class="quiet">{t('none')}</span>}
      </dd>
      <Lines name={t('Done when')} lines={task.doneWhen} />
      <Lines name={t('Tests')} lines={task.tests} />
    </dl>
    {draft?.editing === task.id && <TaskEditor task={task} draft={draft} />}
    {draft !== null && <TaskComments task={task} draft={draft} />}
  </article>
));

function Lines({ name, lines }: { name: string; lines: readonly string[] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {lines.length === 0 ? (
          <span class="quiet">{t('not said')}</span>
        ) : (
          <ul class="plain">
            {lines.map((line) => (
              <li key={line}>{inline(line)}</li>
            ))}
          </ul>
        )}
      </dd>
    </>
  );
}
