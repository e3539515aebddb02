import { z } from 'zod';
import { converse } from '../agents/agent.ts';
import { evidenceOf, type ReviewDraft, reviewDraftSchema } from '../agents/drafts.ts';
import { reviewerInstructions } from '../agents/instructions.ts';
import { reviewPrompt } from '../agents/prompts.ts';
import type { Run } from '../engine/run.ts';
import { checkEvidence, type EvidenceSources } from '../review/evidence.ts';
import { lintPlan } from '../review/planLinter.ts';
import { computeReview, type GivenCriterion } from '../review/scoring.ts';
import type { Input, Plan, Review } from '../schemas.ts';
import { type Candidate, explorer, type WorkflowPorts, type WorkflowSettings } from './context.ts';

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
  const { tools, seen } = explorer(run, 'reviewer', ports);
  const draft = await converse(run, ports, {
    agent: 'reviewer',
    instructions: reviewerInstructions(ports.settings.weights),
    prompt: reviewPrompt(input, plan, findings, round),
    tools,
    schema: reviewDraftSchema,
    stepLimit: ports.settings.stepLimit,
  });
  const given = givenCriteria(draft, { plan, files, texts: seen.map(withoutLineNumbers) });
  const review = computeReview(given, findings, ports.settings.weights, ports.settings.threshold);
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

/** What `review` comes to for an edited plan that no reviewer has seen: its points, under the new plan's caps. */
export function carriedOver(
  review: Review,
  plan: Plan,
  files: ReadonlySet<string>,
  { weights, threshold }: Pick<WorkflowSettings, 'weights' | 'threshold'>,
): Review {
  const given = review.criteria.map((criterion) => ({ ...criterion, score: criterion.given, cappedBy: undefined }));
  return { ...computeReview(given, lintPlan(plan, files), weights, threshold), carriedOver: true };
}

/** Checks the evidence and numbers the improvements, I1 on, over all criteria. */
function givenCriteria(draft: ReviewDraft, sources: EvidenceSources): GivenCriterion[] {
  let next = 1;
  return draft.criteria.map((criterion) => {
    const { kept, dropped } = checkEvidence(criterion.evidence.map(evidenceOf), sources);
    const improvements = criterion.improvements.map((improvement) => ({ id: `I${next++}`, ...improvement }));
    return { ...criterion, evidence: kept, droppedEvidence: dropped, improvements };
  });
}

/** read_file answers "12\ttext"; a quote has no line numbers in it. */
function withoutLineNumbers(text: string): string {
  return text.replace(/^\d+\t/gm, '');
}
