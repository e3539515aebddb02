import type { Decision } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import { asPlanwrightError, cancelled, PlanwrightError } from '../errors.ts';
import { type Input, planSchema } from '../schemas.ts';
import { say } from '../words/say.ts';
import type { Candidate, WorkflowPorts } from './context.ts';
import { refineOnce } from './refine.ts';
import { judge, relint } from './review.ts';
import { wordsOf } from './words.ts';

/** The developer approves the plan, edits it, sends it back with words, has it reviewed again, or stops. */
export async function approvePlan(
  run: Run,
  input: Input,
  candidate: Candidate,
  ports: WorkflowPorts,
): Promise<Candidate> {
  if (!ports.settings.approvePlan) return candidate;
  let current = candidate;
  let failure: PlanwrightError | undefined;
  for (let asked = 1; ; asked++) {
    const decision = await run.decide(approvalGate(current, asked, failure));
    const scope = run.scoped(`asked-${asked}`);
    try {
      switch (decision.choice) {
        case 'stop':
          throw cancelled();
        case 'refine':
          if (decision.data?.plan !== undefined) current = await edited(scope, current, decision, ports);
          current = await refineOnce(scope, input, current, current.round + 1, ports, wordsOf(decision));
          break;
        case 'edit':
          current = await edited(scope, current, decision, ports);
          break;
        case 'review':
          current = {
            ...current,
            review: await judge(scope.scoped('review'), input, current.plan, current.round, ports),
          };
          break;
        default:
          return current;
      }
      failure = undefined;
    } catch (error) {
      failure = asPlanwrightError(error);
      if (!['NONSENSE', 'DEMO_ONLY_SAMPLE', 'INVALID_INPUT'].includes(failure.code)) throw error;
    }
  }
}

/** The developer's own version of the plan, as a round of its own. */
async function edited(run: Run, current: Candidate, { data }: Decision, ports: WorkflowPorts): Promise<Candidate> {
  const checked = planSchema.safeParse(jsonIn(data?.plan));
  if (!checked.success) {
    throw new PlanwrightError('INVALID_INPUT', 'What was sent is not a whole plan.', { hint: 'Edit it again.' });
  }
  const round = current.round + 1;
  run.emit({ type: 'plan.updated', plan: checked.data, round });
  return { plan: checked.data, review: await relint(run, current, checked.data, round, ports), round };
}

function jsonIn(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function approvalGate({ plan, review }: Candidate, asked: number, failure: PlanwrightError | undefined) {
  const sorry = failure && say`The plan stays as it was: ${failure.message}`;
  const carried = review.carriedOver && say`You edited it: the points are still those of the version before.`;
  const scores =
    plan.tasks.length === 1
      ? say`“${plan.title}” scores ${review.score} of 100 and has 1 task.`
      : say`“${plan.title}” scores ${review.score} of 100 and has ${plan.tasks.length} tasks.`;
  return {
    id: `approve-plan-${asked}`,
    kind: 'plan-approval' as const,
    title: say`Approve the plan?`,
    question: [sorry, scores, carried, say`Nothing is written until you accept it, hunk by hunk.`]
      .filter(Boolean)
      .join(' '),
    choices: [
      { id: 'approve', label: say`Approve and implement` },
      { id: 'edit', label: say`Edit the plan…`, wantsPlan: true },
      { id: 'refine', label: say`Refine with my words…`, wantsNote: true, takesComments: true },
      { id: 'review', label: say`Review again` },
      { id: 'stop', label: say`Stop` },
    ],
    defaultChoice: 'approve',
  };
}
