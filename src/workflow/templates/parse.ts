import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { PlanwrightError } from '../errors.ts';
import { criterionIds, type Plan, type Template, templateSchema } from '../schemas.ts';
import { firstIssue, forPeople } from '../words/issues.ts';

const frontMatter = templateSchema.omit({ skeleton: true }).extend({ name: z.string().optional() }).strict();

/**
 * A template file: Markdown for the planner, under optional front matter with `name`, `description`, `weights`,
 * `threshold` and `approvePlan`.
 * @param fallbackName for a file that names itself nowhere
 * @throws PlanwrightError INVALID_INPUT that says what is wrong with the file
 */
export function parseTemplate(text: string, fallbackName: string): Template {
  const [, head = '', body = text] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n?---\r?\n([\s\S]*)$/.exec(text) ?? [];
  const checked = frontMatter.safeParse(yamlOf(head, fallbackName) ?? {}, forPeople);
  if (!checked.success) {
    const { where, what } = firstIssue(checked.error, 'front matter');
    throw invalid(fallbackName, where, what);
  }
  const template = templateSchema.safeParse({ name: fallbackName, ...checked.data, skeleton: body }, forPeople);
  if (template.success) return template.data;
  const { where, what } = firstIssue(template.error, 'the file');
  throw invalid(fallbackName, where, what);
}

/** A template file made of a plan that proved itself: its tasks without what only that change was about. */
export function templateOf(plan: Plan, name: string, over: Pick<Template, 'weights' | 'threshold'>): string {
  const { weights, threshold } = over;
  const known = weights && Object.fromEntries(criterionIds.map((id) => [id, weights[id]]));
  const head = stringify({ name, description: plan.summary, ...(known ? { weights: known } : {}), threshold });
  const tasks = plan.tasks.map(({ id, title, description, dependsOn, files, tests, doneWhen }) =>
    [
      `## ${id} ${title}`,
      description,
      dependsOn.length > 0 ? `After ${dependsOn.join(', ')}.` : '',
      listed('Files', [...new Set(files.map(({ action, path }) => `${action} something like \`${path}\``))]),
      listed('Tests', tests),
      listed('Done when', doneWhen),
    ]
      .filter((part) => part !== '')
      .join('\n\n'),
  );
  const metrics = listed(
    'Success metrics',
    plan.successMetrics.map(
      ({ name: metric, target, measuredBy }) => `${metric}: ${target}, measured by ${measuredBy}`,
    ),
  );
  return `---\n${head}---\n${[plan.architecture.overview, ...tasks, metrics].filter(Boolean).join('\n\n')}\n`;
}

function listed(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function yamlOf(text: string, name: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw invalid(
      name,
      'front matter',
      error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
    );
  }
}

function invalid(name: string, where: string, what: string): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', `The template “${name}” cannot be used: ${where}: ${what}.`, {
    hint: 'Mend the file; docs/templates.md shows a whole one.',
  });
}
