import { converse } from '../agents/agent.ts';
import { planOf, type RefinementDraft, refinementDraftSchema } from '../agents/drafts.ts';
import { refinerInstructions } from '../agents/instructions.ts';
import { refinementPrompt } from '../agents/prompts.ts';
import type { Run } from '../engine/run.ts';
import { cancelled } from '../errors.ts';
import type { Input, Refinement, Review } from '../schemas.ts';
import { say } from '../words/say.ts';
import { type Candidate, explorer, type WorkflowPorts } from './context.ts';
import { judge } from './review.ts';
import { wordsOf } from './words.ts';

/**
 * Improves a plan that scored too low, at most `maxRounds` times and only while the score rises. The best
 * candidate is kept; when it still falls short the developer decides at a gate.
 */
export async function refine(run: Run, input: Input, first: Candidate, ports: WorkflowPorts): Promise<Candidate> {
  const { maxRounds, threshold } = ports.settings;
  if (first.review.verdict === 'pass') {
    const skipped = say`The plan scored ${first.review.score}, at least ${threshold}.`;
    run.emit({
      type: 'phase.completed',
      phase: 'refinement',
      score: first.review.score,
      skipped,
      nextPhase: 'implementation',
    });
    return first;
  }
  run.emit({ type: 'phase.started', phase: 'refinement' });
  let best = first;
  let round = 0;
  while (round < maxRounds && best.review.verdict === 'refine') {
    round += 1;
    const next = await refineOnce(run.scoped(`round-${round}`), input, best, round, ports);
    if (next.review.score <= best.review.score) break;
    best = next;
  }
  for (let asked = 1; best.review.verdict === 'refine'; asked++) {
    const decision = await run.decide(lowScoreGate(best, asked));
    if (decision.choice === 'stop') throw cancelled();
    if (decision.choice === 'proceed') break;
    round += 1;
    best = await refineOnce(run.scoped(`asked-${asked}`), input, best, round, ports, wordsOf(decision));
  }
  if (best.round < round) run.emit({ type: 'plan.updated', plan: best.plan, round: best.round });
  run.emit({ type: 'phase.completed', phase: 'refinement', score: best.review.score, nextPhase: 'implementation' });
  return best;
}

/** One round: a refined plan, every improvement answered for, reviewed with fresh eyes. */
export async function refineOnce(
  run: Run,
  input: Input,
  candidate: Candidate,
  round: number,
  ports: WorkflowPorts,
  words?: string,
): Promise<Candidate> {
  const draft = await converse(run, ports, {
    agent: 'refiner',
    instructions: refinerInstructions(),
    prompt: refinementPrompt(input, candidate.plan, candidate.review, round, words),
    tools: explorer(run, 'refiner', ports).tools,
    schema: refinementDraftSchema,
    stepLimit: ports.settings.stepLimit,
  });
  const plan = planOf(draft.plan, input);
  run.emit({ type: 'plan.updated', plan, round });
  const review = await judge(run.scoped('review'), input, plan, round, ports);
  run.emit({ type: 'refinement.completed', refinement: accountOf(draft, candidate.review, review, round) });
  return { plan, review, round };
}

/** Who answered which improvement; one that the refiner passed over is said to be so. */
function accountOf(draft: RefinementDraft, before: Review, after: Review, round: number): Refinement {
  const asked = before.criteria.flatMap(({ improvements }) => improvements.map(({ id }) => id));
  const known = new Set(asked);
  const addressed = draft.addressed.filter(({ improvementId }) => known.has(improvementId));
  const declined = draft.declined.filter(({ improvementId }) => known.has(improvementId));
  const answered = new Set([...addressed, ...declined].map(({ improvementId }) => improvementId));
  const forgotten = asked
    .filter((id) => !answered.has(id))
    .map((improvementId) => ({ improvementId, why: say`The refiner gave no answer.` }));
  return {
    round,
    addressed,
    declined: [...declined, ...forgotten],
    scoreBefore: before.score,
    scoreAfter: after.score,
  };
}

function lowScoreGate({ review }: Candidate, asked: number) {
  return {
    id: `low-score-${asked}`,
    kind: 'low-score' as const,
    title: say`The plan scores ${review.score}, under ${review.threshold}`,
    question: say`Refining did not bring it up to the threshold. How shall it go on?`,
    choices: [
      { id: 'refine', label: say`Refine again with my words…`, wantsNote: true, takesComments: true },
      { id: 'proceed', label: say`Proceed with this plan` },
      { id: 'stop', label: say`Stop` },
    ],
    defaultChoice: 'refine',
  };
}
