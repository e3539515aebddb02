import type { CheckMark } from '../../src/workflow/checks/mark.ts';
import { Icon } from '../icon.tsx';
import { plural, t } from '../l10n.ts';

/** Beside a proposal, what the checks said of its task's edits. Nothing while nobody has checked. */
export function CheckNote({ mark }: { mark: CheckMark | null }) {
  if (!mark || mark.state === 'skipped') return null;
  const { icon, tone, text } = wordsOf(mark);
  return (
    <p class={mark.state === 'fails' ? 'tone-bad' : 'quiet'} data-testid="check-note" data-state={mark.state}>
      <Icon name={icon} tone={tone} /> {text}
      {mark.mendings > 0 && ` ${plural(mark.mendings, t('Mended once.'), t('Mended {0} times.', mark.mendings))}`}
      {mark.vacuous.length > 0 && (
        <span class="block tone-bad">
          <Icon name="beaker-stop" tone="bad" /> {t('Passes without the implementation: {0}', mark.vacuous.join(', '))}
        </span>
      )}
    </p>
  );
}

function wordsOf({ state, newFailures }: CheckMark): { icon: string; tone: string; text: string } {
  switch (state) {
    case 'running':
      return { icon: 'loading', tone: 'active', text: t('The checks run.') };
    case 'passes':
      return { icon: 'pass', tone: 'good', text: t('The checks pass.') };
    case 'fails':
      return { icon: 'error', tone: 'bad', text: t('Fails with it, and did not before: {0}.', newFailures.join(', ')) };
    case 'failed before':
      return { icon: 'warning', tone: 'quiet', text: t('Checks fail that failed before as well.') };
    default:
      return { icon: 'question', tone: 'quiet', text: t('The checks could not tell.') };
  }
}
