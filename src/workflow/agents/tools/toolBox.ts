import { type Tool, tool } from 'ai';
import { z } from 'zod';
import type { AgentName } from '../../engine/events.ts';
import type { Run } from '../../engine/run.ts';
import { PlanwrightError } from '../../errors.ts';
import type { FileSnapshot, Workspace } from '../../ports.ts';
import { say } from '../../words/say.ts';

/** What an agent's tools share. One box serves one agent's conversation. */
export interface ToolBox {
  readonly run: Run;
  readonly agent: AgentName;
  readonly taskId?: string;
  readonly workspace: Workspace;
  /** The file as this agent sees it: an implementer sees its own edits. */
  readonly read: (path: string) => Promise<FileSnapshot | null>;
  /** Files that this agent sees otherwise than they are on disk. */
  readonly overlaid: () => ReadonlySet<string>;
  /** The paths this agent sees, sorted. */
  readonly paths: () => Promise<readonly string[]>;
  /** Every text a tool has answered, in order: what a quote may come from. */
  readonly seen: string[];
  readonly calls: CallOrder;
}

/**
 * Numbers a conversation's tool calls, so that a replay finds each one's result, and runs them one at a
 * time in the model's order: two edits of one file in one turn must not overtake each other.
 */
export class CallOrder {
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  inTurn<T>(work: (number: number) => Promise<T>): Promise<T> {
    this.#count += 1;
    const number = this.#count;
    const result = this.#last.then(() => work(number));
    this.#last = result.catch(() => {});
    return result;
  }
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
export function readTool<I>(box: ToolBox, spec: ToolSpec<I>): Tool {
  return journaledTool(
    box,
    spec,
    z.string(),
    async (input) => spec.execute(input),
    (text) => text,
  );
}

/** As {@link readTool}, for a tool whose journaled result is more than its answer. */
export function journaledTool<I, R>(
  box: ToolBox,
  spec: Omit<ToolSpec<I>, 'execute'>,
  schema: z.ZodType<R>,
  execute: (input: I) => Promise<R>,
  answer: (result: R) => string,
): Tool {
  const outcome = z.union([z.object({ result: schema }), z.object({ refused: z.string() })]);
  return tool({
    description: spec.description,
    inputSchema: spec.input,
    execute: (input: I) => box.calls.inTurn((number) => perform(box, spec, outcome, input, number, execute, answer)),
  });
}

async function perform<I, R>(
  box: ToolBox,
  spec: Omit<ToolSpec<I>, 'execute'>,
  outcome: z.ZodType<{ result: R } | { refused: string }>,
  input: I,
  number: number,
  execute: (input: I) => Promise<R>,
  answer: (result: R) => string,
): Promise<string> {
  const done = await box.run.step(`tool-${number}`, outcome, () => attempt(() => execute(input)), {
    input: { tool: spec.name, input },
  });
  const refused = 'refused' in done;
  const summary = refused ? say`${spec.summary(input)} — refused` : spec.summary(input);
  const about = { agent: box.agent, ...(box.taskId === undefined ? {} : { taskId: box.taskId }) };
  box.run.emit({ type: 'agent.acted', ...about, tool: spec.name, summary });
  const text = refused ? done.refused : answer(done.result);
  box.seen.push(text);
  return text;
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
