import type { RequirementState } from '../../src/workflow/trace/traceSchema.ts';
import type { Look } from '../checkLooks.ts';
import { t } from '../l10n.ts';

export const stateLooks: Readonly<Record<RequirementState, Look>> = {
  met: { icon: 'pass-filled', tone: 'good', label: t('met') },
  partly: { icon: 'color-mode', tone: 'warn', label: t('met in part') },
  open: { icon: 'circle-large-outline', tone: 'warn', label: t('open') },
  unchecked: { icon: 'question', tone: 'quiet', label: t('unchecked') },
};
