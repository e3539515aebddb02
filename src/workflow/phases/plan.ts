import { z } from 'zod';
import { converse } from '../agents/agent.ts';
import { workspaceDigest } from '../agents/digest.ts';
import { planDraftSchema, planOf } from '../agents/drafts.ts';
import { plannerInstructions } from '../agents/instructions.ts';
import { planningPrompt } from '../agents/prompts.ts';
import type { Run } from '../engine/run.ts';
import type { Input, Plan } from '../schemas.ts';
import { explorer, type WorkflowPorts } from './context.ts';

/** An agent explores the code and writes a plan. */
export async function plan(run: Run, input: Input, ports: WorkflowPorts): Promise<Plan> {
  run.emit({ type: 'phase.started', phase: 'planning' });
  const digest = await run.step('digest', z.string(), () => workspaceDigest(ports.workspace));
  const draft = await converse(run, ports, {
    agent: 'planner',
    instructions: plannerInstructions(),
    prompt: planningPrompt(input, digest),
    tools: explorer(run, 'planner', ports).tools,
    schema: planDraftSchema,
    stepLimit: ports.settings.stepLimit,
  });
  const plan = planOf(draft, input);
  run.emit({ type: 'plan.updated', plan, round: 0 });
  run.emit({ type: 'phase.completed', phase: 'planning', nextPhase: 'review' });
  return plan;
}
