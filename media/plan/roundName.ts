import { t } from '../l10n.ts';

/** What a version of the plan is called. */
export function roundName(round: number, current: boolean): string {
  const name = round === 0 ? t('First plan') : t('Refinement {0}', round);
  return current ? t('{0} (current)', name) : name;
}
