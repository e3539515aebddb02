import { z } from 'zod';
import { converse } from '../agents/agent.ts';
import { evidenceOf, reviewDraftSchema } from '../agents/drafts.ts';
import { reviewerInstructions } from '../agents/instructions.ts';
import { reviewPrompt } from '../agents/prompts.ts';
import type { Run } from '../engine/run.ts';
import { carriedOver } from '../review/carriedOver.ts';
import { consensus } from '../review/consensus.ts';
import { checkEvidence } from '../review/evidence.ts';
import { lintPlan } from '../review/planLinter.ts';
import { computeReview, type GivenCriterion } from '../review/scoring.ts';
import type { Input, Plan, Review } from '../schemas.ts';
import { type Candidate, explorer, type WorkflowPorts } from './context.ts';

/** The first review, as a phase of its own. */
export async function review(run: Run, input: Input, plan: Plan, ports: WorkflowPorts): Promise<Candidate> {
  run.emit({ type: 'phase.started', phase: 'review' });
  const review = await judge(run, input, plan, 0, ports);
  const nextPhase = review.verdict === 'refine' ? 'refinement' : 'implementation';
  run.emit({ type: 'phase.completed', phase: 'review', score: review.score, nextPhase });
  return { plan, review, round: 0 };
}

/** An agent with fresh eyes judges a plan; the linter caps and the matrix computes. */
export async function judge(run: Run, input: Input, plan: Plan, round: number, ports: WorkflowPorts): Promise<Review> {
  const paths = await run.step('files', z.array(z.string()), async () => [...(await ports.workspace.listFiles())]);
  const files = new Set(paths);
  const findings = lintPlan(plan, files);
  const { weights, threshold, reviewers, stepLimit } = ports.settings;
  const opinion = async (scope: Run): Promise<GivenCriterion[]> => {
    const { tools, seen } = explorer(scope, 'reviewer', ports);
    const draft = await converse(scope, ports, {
      agent: 'reviewer',
      instructions: reviewerInstructions(weights),
      prompt: reviewPrompt(input, plan, findings, round),
      tools,
      schema: reviewDraftSchema,
      stepLimit,
    });
    return draft.criteria.map((criterion) => {
      const sources = { plan, files, texts: seen.map(withoutLineNumbers) };
      const { kept, dropped } = checkEvidence(criterion.evidence.map(evidenceOf), sources);
      const improvements = criterion.improvements.map((improvement) => ({ id: 'I1', ...improvement }));
      return { ...criterion, evidence: kept, droppedEvidence: dropped, improvements };
    });
  };
  const opinions = reviewers > 1 ? await sideBySide(run, reviewers, opinion) : [await opinion(run)];
  const review = computeReview(numbered(consensus(opinions)), findings, weights, threshold);
  run.emit({ type: 'review.completed', review, round });
  return review;
}

/** After the developer's own edit: the reviewer's points stay, the linter's caps are those of the new plan. */
export async function relint(run: Run, { review }: Candidate, plan: Plan, round: number, ports: WorkflowPorts) {
  const paths = await run.step('files', z.array(z.string()), async () => [...(await ports.workspace.listFiles())]);
  const linted = carriedOver(review, plan, new Set(paths), ports.settings);
  run.emit({ type: 'review.completed', review: linted, round });
  return linted;
}

/** Each with its own conversation; none sees what another says. */
async function sideBySide<T>(run: Run, count: number, work: (scope: Run) => Promise<T>): Promise<T[]> {
  const names = Array.from({ length: count }, (_, index) => `reviewer-${index + 1}`);
  return Object.values(await run.all(Object.fromEntries(names.map((name) => [name, work]))));
}

/** Improvements are I1 on, over all criteria. */
function numbered(criteria: readonly GivenCriterion[]): GivenCriterion[] {
  let next = 1;
  return criteria.map((criterion) => ({
    ...criterion,
    improvements: criterion.improvements.map((improvement) => ({ ...improvement, id: `I${next++}` })),
  }));
}

/** read_file answers "12\ttext"; a quote has no line numbers in it. */
function withoutLineNumbers(text: string): string {
  return text.replace(/^\d+\t/gm, '');
}
