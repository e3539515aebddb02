import { z } from 'zod';
import type { Run } from '../engine/run.ts';
import type { Input } from '../schemas.ts';
import type { WorkflowPorts } from './context.ts';

/** What earlier runs taught that fits this one; the agents are told, and the report says so. */
export async function recall(run: Run, input: Input, ports: WorkflowPorts): Promise<readonly string[]> {
  const facts = await run.step('recall', z.array(z.string()), async () => [...(await ports.learned.relevantTo(input))]);
  if (facts.length > 0) run.emit({ type: 'learned.used', facts });
  return facts;
}

/** Keeps what this run teaches for the next. */
export async function learn(run: Run, ports: WorkflowPorts): Promise<void> {
  await run.step('learn', z.null(), async () => {
    await ports.learned.learnFrom(run.id);
    return null;
  });
}
