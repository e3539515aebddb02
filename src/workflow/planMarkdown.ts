import type { Plan, Review } from './schemas.ts';

/** A plan and its review as Markdown, one fact a line, so that two of them compare well. */
export function planMarkdown(plan: Plan, review?: Review): string {
  const { architecture } = plan;
  return [
    `# ${plan.title}`,
    plan.summary,
    ...(review ? [scores(review)] : []),
    section(
      'Requirements',
      plan.requirements.map(({ id, text, source }) => `- **${id}** ${text} (${source})`),
    ),
    `## Architecture\n\n${architecture.overview}`,
    section(
      'Components',
      architecture.components.map(
        ({ name, responsibility, files }) => `- **${name}**: ${responsibility} (${files.join(', ')})`,
      ),
    ),
    section(
      'Decisions',
      architecture.decisions.map(
        ({ decision, why, alternatives }) =>
          `- ${decision} — ${why}${alternatives.length > 0 ? ` Instead of: ${alternatives.join('; ')}.` : ''}`,
      ),
    ),
    ...plan.tasks.map((task) =>
      [
        `## ${task.id} ${task.title}`,
        '',
        task.description,
        '',
        `- Size: ${task.size}`,
        `- Serves: ${task.requirements.join(', ') || 'nothing'}`,
        `- After: ${task.dependsOn.join(', ') || 'nothing'}`,
        ...task.files.map(({ action, path, from }) => `- ${action} \`${path}\`${from ? ` from \`${from}\`` : ''}`),
        ...task.tests.map((text) => `- Test: ${text}`),
        ...task.doneWhen.map((text) => `- Done when: ${text}`),
      ].join('\n'),
    ),
    section(
      'Success metrics',
      plan.successMetrics.map(({ name, target, measuredBy }) => `- ${name}: ${target}, measured by ${measuredBy}`),
    ),
    section(
      'Risks',
      plan.risks.map(
        ({ risk, likelihood, impact, mitigation }) =>
          `- ${risk} (likelihood ${likelihood}, impact ${impact} of 3): ${mitigation}`,
      ),
    ),
    section(
      'Assumptions',
      plan.assumptions.map((text) => `- ${text}`),
    ),
    section(
      'Out of scope',
      plan.outOfScope.map((text) => `- ${text}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

function scores({ score, verdict, criteria }: Review): string {
  return section(`Score ${score} of 100 (${verdict})`, [
    '| Criterion | Weight | Score |',
    '|---|---|---|',
    ...criteria.map(
      ({ id, weight, score: points, cappedBy }) =>
        `| ${id} | ${weight} | ${points}${cappedBy ? ` (capped by ${cappedBy})` : ''} |`,
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
