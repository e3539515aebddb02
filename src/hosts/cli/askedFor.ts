import { keyOriginOf } from '../../models/factory.ts';
import { parametersFor } from '../../models/parameters.ts';
import type { Limits, Prices } from '../../workflow/agents/budget.ts';
import type { CheckSettings } from '../../workflow/phases/context.ts';
import { limitsOf, pricesOf } from './budgetFlags.ts';
import { agentModelsOf, parametersOf } from './modelFlags.ts';
import { checksOf, demoSpeedOf, type Flags } from './options.ts';

/** What the options and the environment ask of an engine, read once and before anything is opened or made. */
export interface AskedFor {
  /** undefined where neither names one. */
  readonly modelId: string | undefined;
  readonly agentModels: Readonly<Record<string, string>>;
  /** In the form of `planwright.modelParameters`. */
  readonly parameters: unknown;
  readonly baseUrl: string | undefined;
  readonly demoSpeed: number;
  readonly checksToRun: CheckSettings['run'];
  readonly limits: Limits;
  readonly prices: Prices;
}

/**
 * @param somebodyAnswers whether a gate about the workspace's checks may be opened
 * @throws PlanwrightError INVALID_INPUT | NO_MODEL for a value that cannot be used
 */
export function askedFor(flags: Flags, env: NodeJS.ProcessEnv, somebodyAnswers: boolean): AskedFor {
  const modelId = (flags.model ?? env.PLANWRIGHT_MODEL)?.trim() || undefined;
  const baseUrl = (flags['base-url'] ?? env.PLANWRIGHT_BASE_URL)?.trim() || undefined;
  const agentModels = agentModelsOf(flags);
  const parameters = parametersOf(flags);
  parametersFor('planner', parameters);
  if (flags['base-url'] !== undefined) keyOriginOf('openai-compatible:any', baseUrl);
  for (const id of [...(flags.model === undefined ? [] : [modelId ?? '']), ...Object.values(agentModels)])
    keyOriginOf(id, baseUrl);
  return {
    modelId,
    agentModels,
    parameters,
    baseUrl,
    demoSpeed: demoSpeedOf(flags),
    checksToRun: checksOf(flags, somebodyAnswers),
    limits: limitsOf(flags),
    prices: pricesOf(flags, env),
  };
}
