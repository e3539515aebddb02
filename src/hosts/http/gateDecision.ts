import type { Choice, Decision, Gate, ProposalSummary } from '../../workflow/engine/events.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import { wordsOf } from '../../workflow/phases/words.ts';
import { planSchema } from '../../workflow/schemas.ts';
import { firstIssue, forPeople } from '../../workflow/words/issues.ts';

/**
 * Refuses a decision that the run could not use: a person answers from a list, a program may send anything.
 * @param proposals those of the run
 * @throws PlanwrightError INVALID_INPUT | CONFLICT
 */
export function checkDecision(gate: Gate, decision: Decision, proposals: readonly ProposalSummary[]): void {
  const choice = gate.choices.find(({ id }) => id === decision.choice);
  if (!choice) {
    const ids = gate.choices.map(({ id }) => id).join(', ');
    throw invalid(`This gate has no choice “${decision.choice}”.`, `Send one of: ${ids}.`);
  }
  if (choice.wantsNote && wordsOf(decision) === undefined) {
    throw invalid(`“${choice.label}” needs words to go by.`, 'Send them as note.');
  }
  if (choice.wantsPlan || decision.data?.plan !== undefined) checkPlan(decision.data?.plan);
  if (choice.takesNames) checkNames(gate, decision);
  if (gate.kind === 'proposal') checkProposalDecision(gate, choice, decision, proposals);
}

/** A program that means one of the checks by another name would allow none without knowing it. */
function checkNames({ checks = [] }: Gate, { data }: Decision): void {
  const names = data?.names?.split('\n').map((name) => name.trim());
  const unknown = names?.find((name) => !checks.some((check) => check.name === name));
  if (unknown === undefined) return;
  const known = checks.map(({ name }) => `“${name}”`).join(', ');
  throw invalid(
    `There is no check “${unknown}”.`,
    `Send data.names with one name a line, of: ${known}; or leave it out for all.`,
  );
}

function checkPlan(text: string | undefined): void {
  const hint = 'Send the whole plan as JSON text in data.plan.';
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    throw invalid('The plan that was sent is not JSON.', hint);
  }
  const { success, error } = planSchema.safeParse(value, forPeople);
  if (success) return;
  const { where, what } = firstIssue(error, 'data.plan');
  throw invalid(`The plan that was sent is not whole: ${where}: ${what}.`, hint);
}

function checkProposalDecision(
  gate: Gate,
  choice: Choice,
  { data }: Decision,
  proposals: readonly ProposalSummary[],
): void {
  const hunks = proposals.find(({ id }) => id === gate.proposalId)?.hunks ?? [];
  const pending = hunks.filter(({ decision }) => decision === 'pending').map(({ id }) => id);
  if (choice.id === 'change') {
    if (pending.includes(data?.hunkId ?? '')) return;
    throw invalid('A change is asked for at one undecided hunk.', `Send data.hunkId, one of: ${pending.join(', ')}.`);
  }
  if (pending.length === 0) return;
  throw new PlanwrightError('CONFLICT', `${pending.length} hunks of this proposal are not decided yet.`, {
    hint: 'Accept or reject them where the files are: in the editor or on the command line.',
  });
}

function invalid(message: string, hint: string): PlanwrightError {
  return new PlanwrightError('INVALID_INPUT', message, { hint });
}
