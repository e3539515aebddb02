import type { PhaseName } from '../src/workflow/schemas.ts';
import { t } from './l10n.ts';

export const phaseTitles: Readonly<Record<PhaseName, string>> = {
  planning: t('Planning'),
  review: t('Review'),
  refinement: t('Refinement'),
  implementation: t('Implementation'),
};

/** In the order in which a run goes through them. */
export const phasesInOrder: readonly PhaseName[] = ['planning', 'review', 'refinement', 'implementation'];
