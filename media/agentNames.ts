import type { AgentName } from '../src/workflow/engine/events.ts';
import { t } from './l10n.ts';

const names: Readonly<Record<AgentName, string>> = {
  planner: t('planner'),
  reviewer: t('reviewer'),
  refiner: t('refiner'),
  implementer: t('implementer'),
};

/** What an agent is called; a name that a newer version wrote is shown as it is. */
export function agentName(agent: string): string {
  return Object.hasOwn(names, agent) ? names[agent as AgentName] : agent;
}
