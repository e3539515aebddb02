import type { Plan, Review } from './schemas.ts';
import { english, type Language } from './words/language.ts';

/** A plan and its review as Markdown, one fact a line, so that two of them compare well. */
export function planMarkdown(plan: Plan, review?: Review, language: Language = english): string {
  const { architecture } = plan;
  const { t } = language;
  const sources = { given: t('given'), implied: t('implied') };
  const actions = { create: t('create'), modify: t('modify'), delete: t('delete'), rename: t('rename') };
  return [
    `# ${plan.title}`,
    plan.summary,
    ...(review ? [scores(review, language)] : []),
    section(
      t('Requirements'),
      plan.requirements.map(({ id, text, source }) => `- **${id}** ${text} (${sources[source]})`),
    ),
    `## ${t('Architecture')}\n\n${architecture.overview}`,
    section(
      t('Components'),
      architecture.components.map(
        ({ name, responsibility, files }) => `- **${name}**: ${responsibility} (${files.join(', ')})`,
      ),
    ),
    section(
      t('Decisions'),
      architecture.decisions.map(
        ({ decision, why, alternatives }) =>
          `- ${decision} — ${why}${alternatives.length > 0 ? ` ${t('Instead of: {0}.', alternatives.join('; '))}` : ''}`,
      ),
    ),
    ...plan.tasks.map((task) =>
      [
        `## ${task.id} ${task.title}`,
        '',
        task.description,
        '',
        `- ${t('Size: {0}', task.size)}`,
        `- ${t('Serves: {0}', task.requirements.join(', ') || t('nothing'))}`,
        `- ${t('After: {0}', task.dependsOn.join(', ') || t('nothing'))}`,
        ...task.files.map(({ action, path, from }) =>
          from
            ? `- ${t('{0} {1} from {2}', actions[action], `\`${path}\``, `\`${from}\``)}`
            : `- ${actions[action]} \`${path}\``,
        ),
        ...task.tests.map((text) => `- ${t('Test: {0}', text)}`),
        ...task.doneWhen.map((text) => `- ${t('Done when: {0}', text)}`),
      ].join('\n'),
    ),
    section(
      t('Success metrics'),
      plan.successMetrics.map(
        ({ name, target, measuredBy }) => `- ${t('{0}: {1}, measured by {2}', name, target, measuredBy)}`,
      ),
    ),
    section(
      t('Risks'),
      plan.risks.map(
        ({ risk, likelihood, impact, mitigation }) =>
          `- ${t('{0} (likelihood {1}, impact {2} of 3): {3}', risk, likelihood, impact, mitigation)}`,
      ),
    ),
    section(
      t('Assumptions'),
      plan.assumptions.map((text) => `- ${text}`),
    ),
    section(
      t('Out of scope'),
      plan.outOfScope.map((text) => `- ${text}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function scores({ score, verdict, criteria }: Review, { t }: Language): string {
  const verdicts = { pass: t('pass'), refine: t('refine') };
  return section(t('Score {0} of 100 ({1})', score, verdicts[verdict]), [
    `| ${t('Criterion')} | ${t('Weight')} | ${t('Score')} |`,
    '|---|---|---|',
    ...criteria.map(
      ({ id, weight, score: points, cappedBy }) =>
        `| ${id} | ${weight} | ${points}${cappedBy ? ` (${t('capped by {0}', cappedBy)})` : ''} |`,
    ),
  ]);
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}

/** A title as the name of a file, without its ending. */
export function fileName(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? ['plan']).join('-').slice(0, 60);
}
