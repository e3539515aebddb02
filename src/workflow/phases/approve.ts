import type { Run } from '../engine/run.ts';
import { asPlanwrightError, cancelled, type PlanwrightError } from '../errors.ts';
import type { Input } from '../schemas.ts';
import type { Candidate, WorkflowPorts } from './context.ts';
import { refineOnce } from './refine.ts';

/** The developer approves the plan, sends it back with words, or stops. */
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
    if (decision.choice === 'stop') throw cancelled();
    if (decision.choice !== 'refine') return current;
    try {
      current = await refineOnce(run.scoped(`asked-${asked}`), input, current, current.round + 1, ports, decision.note);
      failure = undefined;
    } catch (error) {
      failure = asPlanwrightError(error);
      if (failure.code !== 'NONSENSE' && failure.code !== 'DEMO_ONLY_SAMPLE') throw error;
    }
  }
}

function approvalGate({ plan, review }: Candidate, asked: number, failure: PlanwrightError | undefined) {
  const sorry = failure ? `The plan stays as it was: ${failure.message} ` : '';
  return {
    id: `approve-plan-${asked}`,
    kind: 'plan-approval' as const,
    title: 'Approve the plan?',
    question: `${sorry}“${plan.title}” scores ${review.score} of 100 and has ${plan.tasks.length} tasks. Nothing is written until you accept it, hunk by hunk.`,
    choices: [
      { id: 'approve', label: 'Approve and implement' },
      { id: 'refine', label: 'Refine with my words…', wantsNote: true },
      { id: 'stop', label: 'Stop' },
    ],
    defaultChoice: 'approve',
  };
}
