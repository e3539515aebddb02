import { Icon } from './icon.tsx';
import { t } from './l10n.ts';

interface FilterBoxProps {
  readonly label: string;
  readonly value: string;
  /** How many are left of how many; told aloud as one types. */
  readonly shown: number;
  readonly all: number;
  readonly set: (value: string) => void;
}

/** Words that narrow a list down as they are typed; Escape clears them. */
export function FilterBox({ label, value, shown, all, set }: FilterBoxProps) {
  return (
    <div class="filter">
      <Icon name="filter" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        data-testid="filter"
        onInput={(event) => set(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || value === '') return;
          event.preventDefault();
          set('');
        }}
      />
      <span class="quiet" role="status">
        {value.trim() === '' ? '' : t('{0} of {1}', shown, all)}
      </span>
    </div>
  );
}
