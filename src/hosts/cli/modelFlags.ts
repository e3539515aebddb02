import { agentNames } from '../../workflow/engine/events.ts';
import { type Flags, wrongUse } from './options.ts';

/** Another model for an agent, as `--models reviewer=openai:<model>` says. @throws PlanwrightError INVALID_INPUT */
export function agentModelsOf({ models = [] }: Flags): Record<string, string> {
  return Object.fromEntries(
    models.map((text) => {
      const [agent, model] = pairOf(text, '--models', 'reviewer=openai:<model>');
      if (agentNames.some((name) => name === agent)) return [agent, model];
      throw wrongUse(`--models is for one of ${agentNames.join(', ')}; “${agent}” is none of them.`);
    }),
  );
}

/**
 * What models are asked with, in the form of `planwright.modelParameters`: `--parameter temperature=0.2` is for all
 * agents, `--parameter reviewer.reasoningEffort=high` for one. Values are checked where the setting's are.
 * @throws PlanwrightError INVALID_INPUT
 */
export function parametersOf({ parameter = [] }: Flags): unknown {
  const byAgent: Record<string, Record<string, unknown>> = {};
  for (const text of parameter) {
    const [name, value] = pairOf(text, '--parameter', 'temperature=0.2');
    const dot = name.indexOf('.');
    const agent = dot < 0 ? 'all' : name.slice(0, dot);
    byAgent[agent] = { ...byAgent[agent], [name.slice(dot + 1)]: numberIn(value) ?? value };
  }
  return byAgent;
}

function pairOf(text: string, option: string, example: string): [string, string] {
  const at = text.indexOf('=');
  const [name, value] = [text.slice(0, Math.max(at, 0)).trim(), text.slice(at + 1).trim()];
  if (name !== '' && value !== '') return [name, value];
  throw wrongUse(`${option} takes a name and a value, as in ${option} ${example}.`);
}

function numberIn(text: string): number | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
