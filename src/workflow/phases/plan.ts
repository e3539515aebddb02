import { z } from 'zod';
import { converse } from '../agents/agent.ts';
import { workspaceDigest } from '../agents/digest.ts';
import { planDraftSchema, planOf } from '../agents/drafts.ts';
import { plannerInstructions } from '../agents/instructions.ts';
import { planningPrompt } from '../agents/prompts.ts';
import { askDeveloper, type Clarification } from '../agents/tools/askDeveloper.ts';
import type { Run } from '../engine/run.ts';
import type { Input, Plan } from '../schemas.ts';
import { say } from '../words/say.ts';
import { explorer, type WorkflowPorts } from './context.ts';

/** An agent explores the code and writes a plan; a plan that came with the request is taken as it is. */
export async function plan(run: Run, input: Input, learned: readonly string[], ports: WorkflowPorts): Promise<Plan> {
  run.emit({ type: 'phase.started', phase: 'planning' });
  const plan = input.plan ?? (await write(run, input, learned, ports));
  run.emit({ type: 'plan.updated', plan, round: 0 });
  run.emit({
    type: 'phase.completed',
    phase: 'planning',
    ...(input.plan ? { skipped: say`The plan came with the request.` } : {}),
    nextPhase: 'review',
  });
  return plan;
}

async function write(run: Run, input: Input, learned: readonly string[], ports: WorkflowPorts): Promise<Plan> {
  const digest = await run.step('digest', z.string(), () => workspaceDigest(ports.workspace));
  const clarifications: Clarification[] = [];
  const { tools, box } = explorer(run, 'planner', ports);
  const draft = await converse(run, ports, {
    agent: 'planner',
    instructions: plannerInstructions(),
    prompt: planningPrompt(input, digest, learned),
    tools: {
      ...tools,
      ask_developer: askDeveloper(box, ports.settings.askQuestions, (answers) => clarifications.push(...answers)),
    },
    schema: planDraftSchema,
    stepLimit: ports.settings.stepLimit,
  });
  const plan = planOf(draft, input);
  return { ...plan, assumptions: [...clarifications.map(asAssumption), ...plan.assumptions] };
}

/** What was asked stands in the plan, so that its reviewers and implementers know it too. */
function asAssumption({ question, answer, assumed }: Clarification): string {
  return `${question} ${assumed ? 'Assumed' : 'You answered'}: ${answer}`;
}
