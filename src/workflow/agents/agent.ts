import type { ToolSet } from 'ai';
import { z } from 'zod';
import type { AgentName } from '../engine/events.ts';
import type { RetryPolicy } from '../engine/retry.ts';
import type { Run } from '../engine/run.ts';
import type { PlanwrightError } from '../errors.ts';
import type { Clock, Models } from '../ports.ts';
import type { Budget } from './budget.ts';
import { currentModel } from './currentModel.ts';
import { journaled } from './journaling.ts';
import { PROVIDER_DOWN, providerDownGate } from './providerDown.ts';
import { type Conversation, conversation } from './structured.ts';

/** What every agent runs on. */
export interface AgentPorts {
  readonly models: Models;
  readonly clock: Clock;
  readonly retry: RetryPolicy;
  /** How long a model may say nothing before the call counts as timed out, in milliseconds. */
  readonly idleTimeoutMs: number;
  /** Says what a provider's failure means; models/ knows, the workflow does not. */
  readonly mapError: (error: unknown) => PlanwrightError;
  readonly budget: Budget;
  /** What one conversation may take of a model's context. */
  readonly contextTokens: number;
}

export interface AgentTask<T> {
  readonly agent: AgentName;
  readonly taskId?: string;
  readonly instructions: string;
  readonly tools: ToolSet;
  readonly schema: z.ZodType<T>;
  /** Model calls until an answer is due, repairs not counted. */
  readonly stepLimit: number;
  /** Waited for before each call of the model. */
  readonly turn?: (signal: AbortSignal) => Promise<void>;
}

/** As {@link openConversation}, of one question. */
export async function converse<T>(
  run: Run,
  ports: AgentPorts,
  task: AgentTask<T> & { readonly prompt: string },
): Promise<T> {
  return (await openConversation(run, ports, task)).say(task.prompt);
}

/**
 * A conversation with one agent, durable call by call. What is said in it throws whatever the provider's failure means,
 * or NONSENSE when the answer cannot be used.
 */
export async function openConversation<T>(run: Run, ports: AgentPorts, task: AgentTask<T>): Promise<Conversation<T>> {
  const model = journaled(await currentModel(ports.models, task.agent), {
    run,
    agent: task.agent,
    ...(task.taskId === undefined ? {} : { taskId: task.taskId }),
    retry: ports.retry,
    clock: ports.clock,
    idleTimeoutMs: ports.idleTimeoutMs,
    mapError: ports.mapError,
    ...(task.turn ? { turn: task.turn } : {}),
    hold: {
      keys: [PROVIDER_DOWN, ports.budget.key],
      before: () => ports.budget.gate(run.id),
      onFailure: providerDownGate,
    },
    costOf: (name, usage) => ports.budget.costOf(name, usage),
  });
  // As it was when the conversation began, so that a replay asks what was asked.
  const contextTokens = await run.step('context-tokens', z.number(), async () => ports.contextTokens);
  return conversation({
    model,
    contextTokens,
    instructions: task.instructions,
    tools: task.tools,
    schema: task.schema,
    stepLimit: task.stepLimit,
    signal: run.signal,
  });
}
