import type { RequirementState, TracedCheck, TracedTest } from '../../src/workflow/trace/traceSchema.ts';
import { t } from '../l10n.ts';

export interface Look {
  readonly icon: string;
  readonly tone: string;
  readonly label: string;
}

export const stateLooks: Readonly<Record<RequirementState, Look>> = {
  met: { icon: 'pass-filled', tone: 'good', label: t('met') },
  partly: { icon: 'color-mode', tone: 'warn', label: t('met in part') },
  open: { icon: 'circle-large-outline', tone: 'warn', label: t('open') },
  unchecked: { icon: 'question', tone: 'quiet', label: t('unchecked') },
};

export const verdictLooks: Readonly<Record<TracedCheck['verdict'], Look>> = {
  passes: { icon: 'pass-filled', tone: 'good', label: t('passes') },
  mended: { icon: 'pass-filled', tone: 'good', label: t('passes, and failed before') },
  'new failure': { icon: 'error', tone: 'bad', label: t('fails, and did not before') },
  'already failing': { icon: 'warning', tone: 'warn', label: t('fails as it did before') },
  unknown: { icon: 'question', tone: 'quiet', label: t('not known') },
};

type ProofVerdict = NonNullable<TracedTest['proof']>['verdict'];

export const proofLooks: Readonly<Record<ProofVerdict, Look>> = {
  proven: { icon: 'verified-filled', tone: 'good', label: t('fails without the implementation') },
  vacuous: { icon: 'warning', tone: 'bad', label: t('passes without the implementation too') },
  unproven: { icon: 'question', tone: 'quiet', label: t('not shown to fail without the implementation') },
};
