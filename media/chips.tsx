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

export function PathLink({ path }: { path: string }) {
  return (
    <button
      type="button"
      class="link path"
      title={t('Open {0}', path)}
      onClick={() => post({ type: 'openFile', path })}
    >
      {path}
    </button>
  );
}
