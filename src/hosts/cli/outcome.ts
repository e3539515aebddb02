import type { Gate } from '../../workflow/engine/events.ts';
import type { ErrorInfo } from '../../workflow/errors.ts';
import { planMarkdown } from '../../workflow/planMarkdown.ts';
import type { RunView, UsageTotals } from '../../workflow/runState.ts';
import type { Output, Plan, Review, RunStatus } from '../../workflow/schemas.ts';
import type { Decider } from '../decider.ts';

/** Something a run waits for. */
export type Waiting =
  | { readonly kind: 'gate'; readonly gate: Gate }
  | {
      readonly kind: 'proposal';
      readonly proposalId: string;
      readonly taskId: string;
      readonly path: string;
      readonly pendingHunks: number;
      /** Why it was not decided by itself, where there is a reason. */
      readonly reason?: string;
    };

/** The last line of `--json`. */
export interface Result {
  readonly type: 'result';
  readonly id: string;
  readonly status: RunStatus;
  readonly output: Output | null;
  readonly error: ErrorInfo | null;
  /** What the run took, all attempts together; its cost by the price table, null where a call had no price. */
  readonly usage: UsageTotals;
  readonly waitsFor: readonly Waiting[];
  /** With `--plan-only`: the plan as it is, and what its review says. */
  readonly plan?: Plan | null;
  readonly review?: Review | null;
}

export function waitsFor(view: RunView, decider: Decider): Waiting[] {
  const gates = view.openGates
    .filter(({ kind }) => kind !== 'proposal')
    .map((gate): Waiting => ({ kind: 'gate', gate }));
  const proposals = view.proposals.flatMap(({ id, taskId, path, hunks }): Waiting[] => {
    const pendingHunks = hunks.filter(({ decision }) => decision === 'pending').length;
    if (pendingHunks === 0) return [];
    const reason = decider.reason(id);
    return [{ kind: 'proposal', proposalId: id, taskId, path, pendingHunks, ...(reason ? { reason } : {}) }];
  });
  return [...gates, ...proposals];
}

/** What a run waits for, a line each. May hold any character. */
export function waitingText(waiting: Waiting): string {
  if (waiting.kind === 'gate') return `${waiting.gate.title} ${waiting.gate.question}`;
  const { taskId, path, pendingHunks, reason } = waiting;
  return `${taskId} ${path}: ${pendingHunks} hunk${pendingHunks === 1 ? '' : 's'} to decide${reason ? `; ${reason}` : ''}`;
}

/** The review of the plan that counts. */
export function currentReview({ reviews, planRound }: RunView): Review | undefined {
  return reviews.find(({ round }) => round === planRound)?.review;
}

export function planText(view: RunView): string {
  return view.plan ? planMarkdown(view.plan, currentReview(view)).trimEnd() : 'There is no plan yet.';
}

/** What a completed run came to, as Markdown. */
export function outputText({ implementation, documentation, tests, metrics }: Output): string {
  const { planScore, implementationTime, testCoverage } = metrics;
  const section = (title: string, text: string) => (text === '' ? [] : [`## ${title}`, text]);
  return [
    ...section('Implementation', implementation),
    ...section('Documentation', documentation),
    ...section('Tests', tests.map((text) => `- ${text}`).join('\n')),
    ...section(
      'Metrics',
      [
        `- Plan score: ${planScore} of 100`,
        `- Implementation time: ${(implementationTime / 1000).toFixed(1)} s`,
        `- Test coverage: ${testCoverage === null ? 'not measured' : `${testCoverage} %`}`,
      ].join('\n'),
    ),
  ].join('\n\n');
}
