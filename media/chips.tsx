import { useGo } from './go.ts';
import { actionLooks, Icon } from './icon.tsx';
import { t } from './l10n.ts';
import type { PlannedFile } from './plan/planFile.ts';
import { post } from './vscode.ts';

/** Small labels that name a requirement; the text of it is a hover away. */
export function RequirementChips({ ids, texts }: { ids: readonly string[]; texts: ReadonlyMap<string, string> }) {
  return (
    <>
      {ids.map((id) => (
        <Chip key={id} text={id} title={texts.get(id) ?? t('not in the plan')} />
      ))}
    </>
  );
}

/** A task or requirement of the plan, and the way to it; one that the plan no longer has is named only. */
export function PlanLink({ id, known }: { id: string; known: ReadonlySet<string> }) {
  const go = useGo();
  if (!known.has(id)) return <Chip text={id} title={t('not in the plan')} />;
  return (
    <button
      type="button"
      class="chip chip-link"
      title={t('Show in the plan')}
      data-testid={`to-${id}`}
      onClick={() => go('plan', id)}
    >
      {id}
    </button>
  );
}

export function Chip({ text, title, tone, icon }: { text: string; title?: string; tone?: string; icon?: string }) {
  return (
    <span class={`chip${tone === undefined ? '' : ` chip-${tone}`}`} title={title}>
      {icon !== undefined && <Icon name={icon} />}
      {text}
    </span>
  );
}

export function FileLink({ file }: { file: PlannedFile }) {
  const look = actionLooks[file.action];
  return (
    <span class="file">
      <Icon name={look.icon} tone={look.tone} label={look.label} />
      <PathLink path={file.path} />
      {file.from !== undefined && <span class="quiet">{t('from {0}', file.from)}</span>}
    </span>
  );
}

/** Opens the file, where the quote is if it has one. */
export function PathLink({ path, quote }: { path: string; quote?: string | undefined }) {
  return (
    <button
      type="button"
      class="link path"
      title={t('Open {0}', path)}
      onClick={() => post({ type: 'openFile', path, ...(quote === undefined ? {} : { quote }) })}
    >
      {path}
    </button>
  );
}
