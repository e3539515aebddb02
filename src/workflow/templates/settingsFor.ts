import type { WorkflowSettings } from '../phases/context.ts';
import { checkWeights } from '../review/criteria.ts';
import type { Template } from '../schemas.ts';

/**
 * The settings as the run's template has them.
 * @throws PlanwrightError INVALID_INPUT when the template's weights do not sum to 100 with the others
 */
export function settingsFor(settings: WorkflowSettings, template: Template | undefined): WorkflowSettings {
  if (!template) return settings;
  const { weights, threshold, approvePlan } = template;
  return {
    ...settings,
    ...(weights === undefined ? {} : { weights: checkWeights({ ...settings.weights, ...weights }) }),
    ...(threshold === undefined ? {} : { threshold }),
    // A template may ask for more care, never for less than the developer's own settings do.
    approvePlan: settings.approvePlan || approvePlan === true,
  };
}
