import { z } from 'zod';
import { type AgentName, agentNames } from '../workflow/engine/events.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { firstIssue, forPeople } from '../workflow/words/issues.ts';

export const reasoningEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

const parametersSchema = z.strictObject({
  /** How much a reasoning model thinks before it answers. */
  reasoningEffort: z.enum(reasoningEfforts).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  /** The longest answer, thinking included. */
  maxOutputTokens: z.int().min(1).optional(),
});
export type ModelParameters = z.infer<typeof parametersSchema>;

/** `planwright.modelParameters`: for all agents, and for each what is different. */
const settingSchema = z.strictObject({
  all: parametersSchema.optional(),
  ...(Object.fromEntries(agentNames.map((agent) => [agent, parametersSchema.optional()])) as Record<
    AgentName,
    z.ZodOptional<typeof parametersSchema>
  >),
});

/**
 * What an agent's model is asked with: its own parameters over those for all.
 * @throws PlanwrightError INVALID_INPUT, naming what is wrong with the setting
 */
export function parametersFor(agent: AgentName, setting: unknown): ModelParameters {
  const parsed = settingSchema.safeParse(setting ?? {}, forPeople);
  if (parsed.success) return { ...parsed.data.all, ...parsed.data[agent] };
  const { where, what } = firstIssue(parsed.error, 'planwright.modelParameters');
  throw new PlanwrightError('INVALID_INPUT', `planwright.modelParameters cannot be used: ${where}: ${what}.`, {
    hint: `Write it as { "all": { "temperature": 0.2 }, "reviewer": { "reasoningEffort": "high" } }; agents are ${agentNames.join(', ')}, parameters reasoningEffort (${reasoningEfforts.join(', ')}), temperature (0 to 2), topP (above 0, to 1) and maxOutputTokens.`,
  });
}

/** @throws PlanwrightError INVALID_INPUT for a name that is no agent's */
export function checkAgentModels(setting: Readonly<Record<string, string>> | undefined): void {
  const unknown = Object.keys(setting ?? {}).find((name) => !agentNames.some((agent) => agent === name));
  if (unknown === undefined) return;
  throw new PlanwrightError('INVALID_INPUT', `planwright.models names “${unknown}”, which is no agent.`, {
    hint: `Agents are ${agentNames.join(', ')}.`,
  });
}
