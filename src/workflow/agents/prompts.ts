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

/** How a try of a task ended that is not to end like that again. */
export interface FailedTry {
  /** What went wrong; null when the developer called it off. */
  readonly error: { readonly message: string; readonly hint?: string | undefined } | null;
  /** Lines of doneWhen that nothing was shown for. */
  readonly lacking: readonly string[];
  /** Checks that its edits made fail. */
  readonly failures: readonly { readonly name: string; readonly reason: string; readonly output: string }[];
}

/** Characters of all that is told of earlier tries. */
const TRIES = 6_000;
const OUTPUT_OF_TRY = 3_000;
/** Tries before the last one that are told of. */
const SHORTLY = 3;

/** A task that is tried again, with why it failed before: of the last time all, of some before that the error. */
export function againPrompt(task: string, tries: readonly FailedTry[]): string {
  const last = tries.at(-1);
  if (!last) return task;
  const before = tries.slice(0, -1).slice(-SHORTLY).reverse();
  const outputs = Math.floor(OUTPUT_OF_TRY / Math.max(1, last.failures.length));
  const told = [
    `This task was tried ${tries.length === 1 ? 'once' : `${tries.length} times`} before. Its edits are gone; you begin anew.`,
    `The last try ended so: ${endOf(last, 1_000)}`,
    ...(last.lacking.length > 0
      ? [`It had shown nothing for these lines of doneWhen:\n${last.lacking.map((line) => `- ${line}`).join('\n')}`]
      : []),
    ...last.failures.map(({ name, reason, output }) =>
      [`With its edits the check “${name}” failed: ${reason}`, ...(output === '' ? [] : [tail(output, outputs)])].join(
        '\n',
      ),
    ),
    'Do not let it end like that again: take another way where this one did not work.',
    ...before.map((one) => `A try before that ended so: ${endOf(one, 200)}`),
  ];
  return `${task}\n\n${cutAt(told.join('\n\n'), TRIES)}`;
}

function endOf({ error }: FailedTry, limit: number): string {
  if (!error) return 'the developer called it off.';
  return cutAt([error.message, error.hint].filter(Boolean).join(' '), limit);
}

function cutAt(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}

function tail(text: string, limit: number): string {
  return text.length > limit ? `…${text.slice(-limit)}` : text;
}

export function changePrompt(base: string, hunkId: string, path: string, proposed: string, feedback: string): string {
  return [
    base,
    `This task is done; its edits are proposed. The developer wants one of them otherwise. The hunk now reads:\n${proposed}`,
    `Change requested for hunk ${hunkId} of ${path}:\n${feedback}`,
    'Change just what was asked for, then report as before.',
  ].join('\n\n');
}
