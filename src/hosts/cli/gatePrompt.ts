import type { Choice, Decision, Gate } from '../../workflow/engine/events.ts';
import { asPlanwrightError } from '../../workflow/errors.ts';
import { planMarkdown } from '../../workflow/planMarkdown.ts';
import type { RunView } from '../../workflow/runState.ts';
import { type Plan, planSchema } from '../../workflow/schemas.ts';
import { firstIssue, forPeople } from '../../workflow/words/issues.ts';
import { openEditor } from './openEditor.ts';
import { currentReview } from './outcome.ts';
import type { Terminal } from './terminal.ts';
import { oneLine, visible } from './visible.ts';

const BY = 'developer';

/** Asks what a gate asks. Undefined when the developer wants to leave it open, or the run has ended. */
export async function askGate(
  terminal: Terminal,
  gate: Gate,
  view: RunView,
  ended: AbortSignal,
): Promise<Decision | undefined> {
  const { choices, defaultChoice } = gate;
  terminal.note(`\n${terminal.style('bold', visible(gate.title))}\n${visible(gate.question)}`);
  for (const [index, { name, command, cwd }] of (gate.checks ?? []).entries()) {
    terminal.note(oneLine(`  (${index + 1}) ${name}: ${command}${cwd === '.' ? '' : ` in ${cwd}`}`));
  }
  if (view.plan && !['provider-down', 'checks', 'task-failed'].includes(gate.kind))
    for (const task of view.plan.tasks) terminal.note(taskText(task));
  for (;;) {
    const numbered = choices.map(({ label, description, id }, index) => {
      const mark = id === defaultChoice ? ' (Enter)' : '';
      return `  ${index + 1}  ${oneLine(label)}${description ? `: ${oneLine(description)}` : ''}${mark}`;
    });
    const view_ = view.plan ? ['  v  Show the whole plan'] : [];
    terminal.note([...numbered, ...view_, '  q  Leave it open and quit'].join('\n'));
    const answer = (await terminal.ask(terminal.style(['bold', 'blue'], 'Which? '), ended, { fresh: true }))?.trim();
    if (answer === undefined || answer.toLowerCase() === 'q') return undefined;
    if (answer.toLowerCase() === 'v' && view.plan) {
      terminal.note(visible(planMarkdown(view.plan, currentReview(view))));
      continue;
    }
    const choice = answer === '' ? choices.find(({ id }) => id === defaultChoice) : choices[Number(answer) - 1];
    const decision = choice && (await complete(terminal, choice, gate, view, ended));
    if (decision) return decision;
  }
}

/** The choice with the words or the plan that it wants; undefined when they did not come. */
async function complete(
  terminal: Terminal,
  { id, wantsNote, wantsPlan, wantsAnswers, takesNames }: Choice,
  { questions = [], checks = [] }: Gate,
  { plan }: RunView,
  ended: AbortSignal,
): Promise<Decision | undefined> {
  if (wantsPlan) {
    const edited = plan && (await editPlan(terminal, plan));
    return edited ? { choice: id, data: { plan: JSON.stringify(edited) }, by: BY } : undefined;
  }
  if (wantsAnswers) {
    const data: Record<string, string> = {};
    for (const { id: key, question, suggestions, default: fallback } of questions) {
      terminal.note(`${oneLine(question)}\n  ${oneLine(suggestions.join(' | '))}`);
      const answer = await terminal.ask(`Your answer (Enter for “${oneLine(fallback)}”): `, ended);
      if (answer === undefined || answer === null) return undefined;
      if (answer.trim() !== '') data[key] = answer.trim();
    }
    return { choice: id, data, by: BY };
  }
  if (takesNames && checks.length > 1) {
    const answer = await terminal.ask('Which of them, by number as 1 3 (Enter for all)? ', ended);
    if (answer === undefined || answer === null) return undefined;
    const numbers = answer.split(/[\s,]+/).filter((part) => part !== '');
    const names = numbers.map((part) => checks[Number(part) - 1]?.name);
    if (names.includes(undefined)) return undefined;
    return { choice: id, ...(names.length > 0 ? { data: { names: names.join('\n') } } : {}), by: BY };
  }
  if (!wantsNote) return { choice: id, by: BY };
  const note = (await terminal.ask('Your words for the agent: ', ended))?.trim();
  return note ? { choice: id, note, by: BY } : undefined;
}

async function editPlan(terminal: Terminal, plan: Plan): Promise<Plan | undefined> {
  try {
    const text = await openEditor(terminal, `${JSON.stringify(plan, null, 2)}\n`, 'plan.planwright-plan.json');
    const checked = planSchema.safeParse(JSON.parse(text), forPeople);
    if (checked.success) return checked.data;
    const { where, what } = firstIssue(checked.error, 'plan');
    terminal.note(visible(`That is not a whole plan: ${where}: ${what}.`));
  } catch (error) {
    terminal.note(visible(asPlanwrightError(error).message));
  }
  return undefined;
}

function taskText({ id, title, files }: Plan['tasks'][number]): string {
  return oneLine(`  ${id} ${title}: ${files.map(({ action, path }) => `${action} ${path}`).join(', ')}`);
}
