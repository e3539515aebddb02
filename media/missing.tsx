import { Icon } from './icon.tsx';

/** What a tab says while it has nothing to show. */
export function Missing({ icon, text }: { icon: string; text: string }) {
  return (
    <p class="missing">
      <Icon name={icon} />
      {text}
    </p>
  );
}
