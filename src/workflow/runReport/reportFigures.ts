import type { RunReport } from './reportSchema.ts';
import { duration, table } from './sections.ts';

/** Scores, times, tokens and cost, all of them computed. */
export function reportFigures({ metrics, output }: RunReport): string {
  const { scores, phases, usage, usageByAgent } = metrics;
  const phaseRows = phases.map(({ phase, state, ms }) => [phase, state, ms === null ? '' : duration(ms)]);
  const agentRows = [...Object.entries(usageByAgent), ['all', usage] as const].map(([agent, own]) => [
    agent,
    `${own.calls}`,
    `${own.inputTokens}`,
    `${own.cachedInputTokens}`,
    `${own.outputTokens}`,
    duration(own.modelMs),
    own.cost === null ? 'no price' : `${Math.round(own.cost * 10_000) / 10_000}`,
  ]);
  return [
    scores.length === 0 ? '' : `Score by round: ${scores.map(({ round, score }) => `${round}: ${score}`).join(', ')}.`,
    output === null ? '' : `From approval to the last decision: ${duration(output.metrics.implementationTime)}.`,
    table(['Phase', 'State', 'Time'], phaseRows),
    usage.calls === 0
      ? ''
      : table(['Agent', 'Calls', 'Tokens in', 'of them cached', 'Tokens out', 'Model time', 'Cost'], agentRows),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
