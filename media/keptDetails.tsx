import type { ComponentChildren } from 'preact';
import { keep, kept, texts } from './kept.ts';

const part = 'details.open';

interface KeptDetailsProps {
  /** Its own within the run. */
  readonly name: string;
  readonly summary: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly verdict?: string;
}

/** What is folded open stays open when the page is made anew. */
export function KeptDetails({ name, summary, children, class: look, verdict }: KeptDetailsProps) {
  const open = kept(part, texts) ?? [];
  return (
    <details
      class={look}
      data-verdict={verdict}
      open={open.includes(name)}
      onToggle={({ currentTarget }) => {
        const others = (kept(part, texts) ?? []).filter((other) => other !== name);
        keep(part, currentTarget.open ? [...others, name] : others);
      }}
    >
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
