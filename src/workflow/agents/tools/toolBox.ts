import { type Tool, tool } from 'ai';
import { z } from 'zod';
import type { AgentName } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import { PlanwrightError } from '../../errors.ts';
import type { FileSnapshot, Workspace } from '../../ports.ts';

/** What an agent's tools share. One box serves one agent's conversation. */
export interface ToolBox {
  readonly run: Run;
  readonly agent: AgentName;
  readonly taskId?: string;
  readonly workspace: Workspace;
  /** The file as this agent sees it: an implementer sees its own edits. */
  readonly read: (path: string) => Promise<FileSnapshot | null>;
  /** The paths this agent sees, sorted. */
  readonly paths: () => Promise<readonly string[]>;
  /** Every text a tool has answered, in order: what a quote may come from. */
  readonly seen: string[];
  /** Numbers the calls, so that a replay finds each one's result. */
  readonly counter: { calls: number };
}

export interface ToolSpec<I> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<I>;
  /** What the activity feed shows: "read src/a.ts". */
  readonly summary: (input: I) => string;
  readonly execute: (input: I) => Promise<string>;
}

/**
 * A tool whose answer is journaled, so that a resumed conversation goes on exactly as it began even when
 * the files have changed since. A refusal is an answer too: the model reads it and tries something else.
 */
export function readTool<I>(box: ToolBox, spec: ToolSpec<I>): Tool<I, string> {
  return journaledTool(box, spec, z.string(), async (input) => spec.execute(input), (text) => text);
}

/** As {@link readTool}, for a tool whose journaled result is more than its answer. */
export function journaledTool<I, R>(
  box: ToolBox,
  spec: Omit<ToolSpec<I>, 'execute'>,
  schema: z.ZodType<R>,
  execute: (input: I) => Promise<R>,
  answer: (result: R) => string,
): Tool<I, string> {
  const outcome = z.union([z.object({ result: schema }), z.object({ refused: z.string() })]);
  return tool<I, string>({
    description: spec.description,
    inputSchema: spec.input,
    execute: async (input: I) => {
      box.counter.calls += 1;
      const step = `tool-${box.counter.calls}`;
      const done = await box.run.step(step, outcome, () => attempt(() => execute(input)), { input: { tool: spec.name, input } });
      box.run.emit({
        type: 'agent.acted',
        agent: box.agent,
        ...(box.taskId === undefined ? {} : { taskId: box.taskId }),
        tool: spec.name,
        summary: 'refused' in done ? `${spec.summary(input)} — refused` : spec.summary(input),
      });
      const text = 'refused' in done ? done.refused : answer(done.result);
      box.seen.push(text);
      return text;
    },
  } as Tool<I, string>);
}

async function attempt<R>(execute: () => Promise<R>): Promise<{ result: R } | { refused: string }> {
  try {
    return { result: await execute() };
  } catch (error) {
    if (!(error instanceof PlanwrightError) || error.code === 'CANCELLED') throw error;
    return { refused: error.hint ? `${error.message} ${error.hint}` : error.message };
  }
}

/** The first `limit` lines, and how many there are more. */
export function cutLines(lines: readonly string[], limit: number, what: string): string {
  if (lines.length === 0) return `No ${what}.`;
  const rest = lines.length - limit;
  return [...lines.slice(0, limit), ...(rest > 0 ? [`… ${rest} more ${what}`] : [])].join('\n');
}
