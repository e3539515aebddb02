import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { t } from './l10n.ts';
import { type TabName, tabNames } from './vscode.ts';

export interface TabsProps {
  readonly shown: TabName;
  readonly badges: Partial<Record<TabName, string>>;
  readonly select: (tab: TabName) => void;
  readonly children: ComponentChildren;
}

const titles: Readonly<Record<TabName, string>> = {
  plan: t('Plan'),
  review: t('Review'),
  work: t('Work'),
  edits: t('Edits'),
  report: t('Report'),
};

/** Tabs as the ARIA practices describe them: one is in the tab order, arrows, Home and End move and select. */
export function Tabs({ shown, badges, select, children }: TabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const go = (tab: TabName) => {
    select(tab);
    list.current?.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = targetOf(event.key, tabNames.indexOf(shown));
    if (target === undefined) return;
    event.preventDefault();
    go(target);
  };
  return (
    <>
      <div class="tablist" role="tablist" aria-label={t('Views of the run')} ref={list} onKeyDown={onKeyDown}>
        {tabNames.map((name) => (
          <button
            type="button"
            key={name}
            id={`tab-${name}`}
            class="tab"
            role="tab"
            aria-selected={name === shown}
            aria-controls="tabpanel"
            tabIndex={name === shown ? 0 : -1}
            data-testid={`tab-${name}`}
            onClick={() => select(name)}
          >
            {titles[name]}
            {badges[name] !== undefined && <span class="badge">{badges[name]}</span>}
          </button>
        ))}
      </div>
      <div class="tabpanel" role="tabpanel" id="tabpanel" aria-labelledby={`tab-${shown}`} key={shown}>
        <h2 class="hidden-caption">{titles[shown]}</h2>
        {children}
      </div>
    </>
  );
}

function targetOf(key: string, at: number): TabName | undefined {
  const last = tabNames.length - 1;
  switch (key) {
    case 'ArrowRight':
      return tabNames[at === last ? 0 : at + 1];
    case 'ArrowLeft':
      return tabNames[at === 0 ? last : at - 1];
    case 'Home':
      return tabNames[0];
    case 'End':
      return tabNames[last];
    default:
      return undefined;
  }
}
