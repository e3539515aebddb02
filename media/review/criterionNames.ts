import type { CriterionId } from '../../src/workflow/schemas.ts';
import { t } from '../l10n.ts';

export const criterionNames: Readonly<Record<CriterionId, string>> = {
  requirementsCoverage: t('Requirements coverage'),
  architecture: t('Architecture'),
  feasibility: t('Feasibility'),
  taskBreakdown: t('Task breakdown'),
  testability: t('Testability and success metrics'),
  riskAndSecurity: t('Risk and security'),
};
