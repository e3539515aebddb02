import type { CheckResult, TestProof } from '../src/workflow/engine/events.ts';
import { t } from './l10n.ts';

/** How a verdict looks and what it is called, the same wherever it is shown. */
export interface Look {
  readonly icon: string;
  readonly tone: string;
  readonly label: string;
}

export const verdictLooks: Readonly<Record<CheckResult['verdict'], Look>> = {
  passes: { icon: 'pass-filled', tone: 'good', label: t('passes') },
  mended: { icon: 'pass-filled', tone: 'good', label: t('passes, and failed before') },
  'new failure': { icon: 'error', tone: 'bad', label: t('fails, and did not before') },
  'already failing': { icon: 'warning', tone: 'warn', label: t('fails as it did before') },
  unknown: { icon: 'question', tone: 'quiet', label: t('not known') },
};

export const proofLooks: Readonly<Record<TestProof['verdict'], Look>> = {
  proven: { icon: 'verified-filled', tone: 'good', label: t('fails without the implementation') },
  vacuous: { icon: 'warning', tone: 'bad', label: t('passes without the implementation too') },
  unproven: { icon: 'question', tone: 'quiet', label: t('not shown to fail without the implementation') },
};
