import type { CriterionId } from '../../src/workflow/schemas.ts';

export const criterionNames: Readonly<Record<CriterionId, string>> = {
  requirementsCoverage: 'Requirements coverage',
  architecture: 'Architecture',
  feasibility: 'Feasibility',
  taskBreakdown: 'Task breakdown',
  testability: 'Testability and success metrics',
  riskAndSecurity: 'Risk and security',
};
