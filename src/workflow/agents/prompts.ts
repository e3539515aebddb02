import type { Finding, Input, Plan, Review, Task } from '../schemas.ts';
import { givenRequirements } from './drafts.ts';

/** The part of every prompt that says what the developer wants. */
export function requestText(input: Input): string {
  const lines = [`Request: ${input.request}`];
  const requirements = givenRequirements(input);
  if (requirements.length > 0) lines.push('Requirements:', ...requirements.map(({ id, text }) => `${id} ${text}`));
  if (input.constraints?.length) lines.push('Constraints:', ...input.constraints.map((text) => `- ${text}`));
  return lines.join('\n');
}

export function planningPrompt(input: Input, digest: string, learned: readonly string[]): string {
  const { template } = input;
  const kind = template
    ? [`This is a change of the kind “${template.name}”. Such a plan, fitted to this code base:\n${template.skeleton}`]
    : [];
  return [requestText(input), ...kind, ...learnedText(learned), digest, 'Write the plan.'].join('\n\n');
}

function learnedText(facts: readonly string[]): string[] {
  if (facts.length === 0) return [];
  return [`Learned in earlier runs here; heed what applies:\n${facts.map((fact) => `- ${fact}`).join('\n')}`];
}

export function reviewPrompt(input: Input, plan: Plan, findings: readonly Finding[], round: number): string {
  return [
    requestText(input),
    `Review round: ${round}`,
    `Plan:\n${JSON.stringify(plan)}`,
    findings.length === 0
      ? 'The plan linter found nothing.'
      : `The plan linter found:\n${findings.map(({ rule, message }) => `- ${rule}: ${message}`).join('\n')}`,
  ].join('\n\n');
}

export function refinementPrompt(input: Input, plan: Plan, review: Review, round: number, words?: string): string {
  const improvements = review.criteria.flatMap((criterion) => criterion.improvements);
  return [
    requestText(input),
    `Refinement round: ${round}`,
    `Plan, which scored ${review.score} of 100:\n${JSON.stringify(plan)}`,
    `Improvements:\n${JSON.stringify(improvements)}`,
    `Findings of the plan linter:\n${JSON.stringify(review.findings.map(({ rule, where, message }) => ({ rule, where, message })))}`,
    ...(words ? [`The developer asks: ${words}`] : []),
  ].join('\n\n');
}

/** What all tasks share comes first, so that providers' caches serve one task with what another sent. */
export function taskPrompt(input: Input, plan: Plan, task: Task, guidance: string, learned: readonly string[]): string {
  const needed = new Set(task.requirements);
  return [
    requestText(input),
    `Plan: ${plan.title}. ${plan.architecture.overview}`,
    `All tasks: ${plan.tasks.map(({ id, title }) => `${id} ${title}`).join('; ')}`,
    ...(guidance ? [guidance] : []),
    ...learnedText(learned),
    `Requirements of this task:\n${plan.requirements
      .filter(({ id }) => needed.has(id))
      .map(({ id, text }) => `${id} ${text}`)
      .join('\n')}`,
    `Task: ${task.id}\n${JSON.stringify(task)}`,
  ].join('\n\n');
}

export function changePrompt(base: string, hunkId: string, path: string, proposed: string, feedback: string): string {
  return [
    base,
    `This task is done; its edits are proposed. The developer wants one of them otherwise. The hunk now reads:\n${proposed}`,
    `Change requested for hunk ${hunkId} of ${path}:\n${feedback}`,
    'Change just what was asked for, then report as before.',
  ].join('\n\n');
}
