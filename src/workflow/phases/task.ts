import { openConversation } from '../agents/agent.ts';
import { type TaskReport, taskReportSchema } from '../agents/drafts.ts';
import { implementerInstructions } from '../agents/instructions.ts';
import { againPrompt, type FailedTry, taskPrompt } from '../agents/prompts.ts';
import type { Conversation } from '../agents/structured.ts';
import { editingTools } from '../agents/tools/editing.ts';
import type { EditBox } from '../agents/tools/editTool.ts';
import { CallOrder } from '../agents/tools/toolBox.ts';
import { Overlay } from '../edits/overlay.ts';
import { createProposal } from '../edits/review.ts';
import type { Run } from '../engine/run.ts';
import type { FileSnapshot } from '../ports.ts';
import type { Input, Plan, Task } from '../schemas.ts';
import { benchOf } from './checking/bench.ts';
import type { Draft } from './checking/draft.ts';
import { checkAndMend } from './checking/mend.ts';
import type { RunChecks } from './checking/runChecks.ts';
import type { WorkflowPorts } from './context.ts';
import { completeEvidence, evidenceFor } from './evidence.ts';
import type { Turn } from './schedule.ts';

/** One task, and what its agent needs to know beside it. */
export interface TaskWork {
  readonly input: Input;
  readonly plan: Plan;
  readonly task: Task;
  /** The tasks whose pending proposals this one builds on, in dependency order. */
  readonly ancestors: readonly string[];
  readonly conventions: string;
  /** What earlier runs taught. */
  readonly learned: readonly string[];
  /** Those of the whole run. */
  readonly checks: RunChecks;
}

export interface BuiltTask {
  readonly report: TaskReport;
  readonly proposalIds: readonly string[];
}

/** Which try of a task it is. */
export interface TaskTry {
  /** From 1. What it proposes has ids of its own. */
  readonly number: number;
  /** How those before it ended. */
  readonly earlier: readonly FailedTry[];
  /** What is known of it, should it fail. */
  readonly notes: { report?: TaskReport };
  /** Waited for before each turn of its agent. */
  readonly turn: Turn;
}

/**
 * An agent carries out the task on an overlay, mends what the checks find, and what it changed becomes one proposal a
 * file.
 */
export async function buildTask(
  run: Run,
  work: TaskWork,
  { number, earlier, notes, turn }: TaskTry,
  ports: WorkflowPorts,
): Promise<BuiltTask> {
  const { task } = work;
  run.emit({ type: 'task.started', taskId: task.id });
  work.checks.forget(task.id);
  const overlay = new Overlay((path) => ports.proposals.read(run.id, run.attempt, work.ancestors, path));
  const standsOn = work.ancestors;
  const conversation = await implementer(run, work, { overlay, standsOn }, ports, turn);
  const prompt = againPrompt(taskPromptOf(work), earlier);
  const first = await conversation.say(prompt);
  notes.report = first;
  const reported = await completeEvidence(conversation, task, first);
  notes.report = reported;
  const of = number === 1 ? {} : { try: number };
  const draft: Draft = { run, work, overlay, conversation, report: reported, standsOn, of };
  const report = await checkAndMend(draft, work.checks, ports);
  const proposals = overlay.changes().map((change, index) =>
    createProposal({
      id: number === 1 ? `${task.id}-${index + 1}` : `${task.id}-t${number}-${index + 1}`,
      taskId: task.id,
      path: change.path,
      action: change.action,
      ...(change.from === undefined ? {} : { from: change.from }),
      base: change.baseText,
      text: change.text ?? '',
      rationale: report.summary,
      provenance: change.provenance,
      taskRequirements: task.requirements,
    }),
  );
  for (const proposal of proposals) {
    const summary = await ports.proposals.propose(run.id, run.attempt, proposal);
    run.emit({ type: 'proposal.created', proposal: summary });
  }
  const proposalIds = proposals.map(({ id }) => id);
  const evidence = evidenceFor(task, report);
  run.emit({ type: 'task.completed', taskId: task.id, summary: report.summary, proposalIds, evidence });
  return { report, proposalIds };
}

/** Opens a conversation in which the implementer edits `overlay` and then reports. */
export function implementer(
  run: Run,
  work: TaskWork,
  { overlay, standsOn }: Pick<Draft, 'overlay' | 'standsOn'>,
  ports: WorkflowPorts,
  turn?: Turn,
): Promise<Conversation<TaskReport>> {
  const read = (path: string): Promise<FileSnapshot | null> => overlay.read(path);
  const box: EditBox = {
    run,
    agent: 'implementer',
    taskId: work.task.id,
    workspace: ports.workspace,
    overlay,
    read,
    overlaid: () =>
      new Set([...overlay.changes().map(({ path }) => path), ...ports.proposals.paths(run.id, run.attempt, standsOn)]),
    paths: async () =>
      overlay.paths([...(await ports.workspace.listFiles()), ...ports.proposals.paths(run.id, run.attempt, standsOn)]),
    seen: [],
    calls: new CallOrder(),
  };
  return openConversation(run, ports, {
    agent: 'implementer',
    taskId: work.task.id,
    instructions: implementerInstructions(),
    tools: editingTools(box, benchOf(run, work, { overlay, standsOn }, ports)),
    schema: taskReportSchema,
    stepLimit: ports.settings.stepLimit,
    ...(turn ? { turn } : {}),
  });
}

export function taskPromptOf({ input, plan, task, conventions, learned }: TaskWork): string {
  return taskPrompt(input, plan, task, conventions, learned);
}
