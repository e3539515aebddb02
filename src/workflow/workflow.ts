import type { Run } from './engine/run.ts';
import { approvePlan } from './phases/approve.ts';
import { checkpoint } from './phases/checkpoint.ts';
import type { WorkflowPorts } from './phases/context.ts';
import { implement } from './phases/implement.ts';
import { learn, recall } from './phases/learn.ts';
import { plan } from './phases/plan.ts';
import { refine } from './phases/refine.ts';
import { review } from './phases/review.ts';
import { report } from './report.ts';
import type { Input, Output } from './schemas.ts';
import { settingsFor } from './templates/settingsFor.ts';

/**
 * Plans a change, reviews the plan, refines it until it is good enough, and implements it as edits that the
 * developer decides one at a time.
 */
export async function implementationWorkflow(run: Run, input: Input, host: WorkflowPorts): Promise<Output> {
  const ports = { ...host, settings: settingsFor(host.settings, input.template) };
  const learned = await recall(run.scoped('learned'), input, ports);
  const planned = await plan(run.scoped('planning'), input, learned, ports);
  await checkpoint(run.scoped('planning'), 'after planning', ports);
  const reviewed = await review(run.scoped('review'), input, planned, ports);
  await checkpoint(run.scoped('review'), 'after review', ports);
  const refined = await refine(run.scoped('refinement'), input, reviewed, ports);
  const approved = await approvePlan(run.scoped('refinement').scoped('approval'), input, refined, ports);
  await checkpoint(run.scoped('refinement'), 'after refinement', ports);
  const implemented = await implement(run.scoped('implementation'), input, approved, learned, ports);
  await checkpoint(run.scoped('implementation'), 'after implementation', ports);
  await learn(run.scoped('learned'), ports);
  return report(approved, implemented);
}
