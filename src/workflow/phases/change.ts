import { z } from 'zod';
import { changePrompt } from '../agents/prompts.ts';
import { type Effect, Overlay } from '../edits/overlay.ts';
import { createProposal, isSettled } from '../edits/review.ts';
import type { ReviewState } from '../edits/reviewState.ts';
import { MADE_ANEW, RIPPLE } from '../edits/ripple.ts';
import type { Decision } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import { asPlanwrightError, errorInfo, PlanwrightError } from '../errors.ts';
import { say } from '../words/say.ts';
import type { Draft } from './checking/draft.ts';
import { checkAndMend } from './checking/mend.ts';
import type { WorkflowPorts } from './context.ts';
import { implementer, type TaskWork, taskPromptOf } from './task.ts';

const beforeSchema = z.object({
  path: z.string(),
  text: z.string(),
  hunkText: z.string(),
  /** Absent in journals from when changes were not checked, and changed no other file. */
  checked: z.boolean().default(false),
});

/** A change that was asked for: of which proposal, and which one of it, from 1. */
interface Asked {
  readonly proposalId: string;
  readonly turn: number;
  readonly decision: Decision;
}

/**
 * Has the task's agent make one hunk of a proposal otherwise. What it makes is checked and mended like the task itself,
 * and put in the proposal's place; what it had to change elsewhere for it goes into the task's other proposals.
 * @returns the ids of proposals that are new
 */
export async function changeProposal(
  run: Run,
  work: TaskWork,
  { proposalId, turn, decision }: Asked,
  ports: WorkflowPorts,
): Promise<readonly string[]> {
  const hunkId = decision.data?.hunkId ?? '';
  const asked = decision.note ?? '';
  const feedback = decision.by === RIPPLE ? MADE_ANEW : asked;
  try {
    const before = await run.step('before', beforeSchema, async () => ({
      ...ports.proposals.snapshot(run.id, run.attempt, proposalId, hunkId),
      checked: true,
    }));
    const standsOn = [...work.ancestors, work.task.id];
    const overlay = new Overlay(async (path) => {
      if (path === before.path) return ports.proposals.asFile(before.path, before.text);
      return ports.proposals.read(run.id, run.attempt, standsOn, path);
    });
    const conversation = await implementer(run, work, { overlay, standsOn }, ports);
    const prompt = changePrompt(taskPromptOf(work), hunkId, before.path, before.hunkText, asked);
    const report = await conversation.say(prompt);
    if (before.checked) {
      const of = { change: { proposalId, turn } };
      const draft: Draft = { run, work, overlay, conversation, report, standsOn, of };
      await checkAndMend(draft, work.checks, ports);
    }
    const own = overlay.changes().find(({ path }) => path === before.path);
    const others = overlay.changes().filter((change) => change !== own);
    await run.step('revised', z.boolean(), async () => {
      if (before.checked) refuseMoves(others, pendingOf(run, work, ports));
      const revision = { madeFrom: before.text, revised: own?.text ?? before.text, feedback };
      await ports.proposals.revise(run.id, run.attempt, proposalId, hunkId, revision);
      return true;
    });
    if (!before.checked) return [];
    return await run.step('others', z.array(z.string()), () =>
      changeOthers(run.scoped('others'), work, { newId: `${proposalId}-c${turn}`, changes: others, feedback }, ports),
    );
  } catch (error) {
    const { code } = asPlanwrightError(error);
    if (code === 'CANCELLED' || code === 'REPLAY_MISMATCH') throw error;
    run.emit({ type: 'change.failed', proposalId, hunkId, error: errorInfo(error) });
    return [];
  }
}

/** Puts changes of other files where they belong: into what the task has proposed for them, or into new proposals. */
async function changeOthers(
  run: Run,
  work: TaskWork,
  { newId, changes, feedback }: { newId: string; changes: readonly Effect[]; feedback: string },
  ports: WorkflowPorts,
): Promise<string[]> {
  const { proposals } = ports;
  const made: string[] = [];
  for (const change of changes) {
    const pending = pendingOf(run, work, ports).find(({ path }) => path === change.path);
    if (pending) {
      const revision = { madeFrom: change.baseText ?? '', revised: change.text ?? '', feedback };
      await proposals.revise(run.id, run.attempt, pending.id, '', revision);
      continue;
    }
    const id = `${newId}-${made.length + 1}`;
    const proposal = createProposal({
      id,
      taskId: work.task.id,
      path: change.path,
      action: change.action,
      ...(change.from === undefined ? {} : { from: change.from }),
      base: change.baseText,
      text: change.text ?? '',
      rationale: feedback,
      provenance: change.provenance,
      taskRequirements: work.task.requirements,
    });
    run.emit({ type: 'proposal.created', proposal: await proposals.propose(run.id, run.attempt, proposal) });
    made.push(id);
  }
  return made;
}

function pendingOf(run: Run, { task }: TaskWork, { proposals }: WorkflowPorts): ReviewState[] {
  return proposals.list(run.id, run.attempt).filter((state) => state.taskId === task.id && !isSettled(state));
}

/** A file that is only proposed is moved or dropped by deciding its own proposal. @throws PlanwrightError CONFLICT */
function refuseMoves(changes: readonly Effect[], pending: readonly ReviewState[]): void {
  const moved = changes.find(
    ({ path, from, text }) =>
      (text === null || from !== undefined) && pending.some((state) => state.path === (from ?? path)),
  );
  if (!moved) return;
  const path = moved.from ?? moved.path;
  throw new PlanwrightError(
    'CONFLICT',
    say`The agent wanted to move or delete ${path}, which waits for your decision.`,
    {
      hint: say`Decide the edits of ${path} first, then ask again.`,
    },
  );
}
