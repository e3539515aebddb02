import type { Language } from '../words/language.ts';
import { codeWords } from './codeWords.ts';
import type { RunReport } from './reportSchema.ts';
import { duration, table } from './sections.ts';

/** Scores, times, tokens and cost, all of them computed. */
export function reportFigures({ metrics, output }: RunReport, language: Language): string {
  const { t } = language;
  const word = codeWords(language);
  const { scores, phases, usage, usageByAgent } = metrics;
  const phaseRows = phases.map(({ phase, state, ms }) => [word(phase), word(state), ms === null ? '' : duration(ms)]);
  const agentRows = [...Object.entries(usageByAgent), ['all', usage] as const].map(([agent, own]) => [
    word(agent),
    `${own.calls}`,
    `${own.inputTokens}`,
    `${own.cachedInputTokens}`,
    `${own.outputTokens}`,
    duration(own.modelMs),
    own.cost === null ? t('no price') : `${Math.round(own.cost * 10_000) / 10_000}`,
  ]);
  return [
    scores.length === 0
      ? ''
      : t('Score by round: {0}.', scores.map(({ round, score }) => `${round}: ${score}`).join(', ')),
    output === null ? '' : t('From approval to the last decision: {0}.', duration(output.metrics.implementationTime)),
    table([t('Phase'), t('State'), t('Time')], phaseRows),
    usage.calls === 0
      ? ''
      : table(
          [t('Agent'), t('Calls'), t('Tokens in'), t('of them cached'), t('Tokens out'), t('Model time'), t('Cost')],
          agentRows,
        ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
