import { t } from '../l10n.ts';
import type { PartName } from './planChanges.ts';

/** What the parts of a plan and of a task are called in a sentence. */
export const partNames: Readonly<Record<PartName, string>> = {
  title: t('title'),
  summary: t('summary'),
  architecture: t('architecture'),
  successMetrics: t('success metrics'),
  risks: t('risks'),
  assumptions: t('assumptions'),
  outOfScope: t('out of scope'),
  description: t('description'),
  dependsOn: t('dependencies'),
  requirements: t('requirements'),
  files: t('files'),
  tests: t('tests'),
  doneWhen: t('done when'),
  size: t('size'),
};
