import { z } from 'zod';
import { changePrompt } from '../agents/prompts.ts';
import { Overlay } from '../edits/overlay.ts';
import { MADE_ANEW, RIPPLE } from '../edits/ripple.ts';
import type { Decision, Gate } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import { asPlanwrightError, errorInfo } from '../errors.ts';
import { say } from '../words/say.ts';
import type { WorkflowPorts } from './context.ts';
import { implementer, type TaskWork, taskPromptOf } from './task.ts';

const beforeSchema = z.object({ path: z.string(), text: z.string(), hunkText: z.string() });

/** Waits until every hunk of a proposal is decided, and has the agent change what the developer asks to have changed. */
export async function decideProposal(
  run: Run,
  work: TaskWork,
  proposalId: string,
  ports: WorkflowPorts,
): Promise<void> {
  for (let turn = 1; ; turn++) {
    const decision = await run.decide(proposalGate(proposalId, turn));
    if (decision.choice !== 'change') return;
    await change(run.scoped(`change-${turn}`), work, proposalId, decision, ports);
  }
}

async function change(
  run: Run,
  work: TaskWork,
  proposalId: string,
  decision: Decision,
  ports: WorkflowPorts,
): Promise<void> {
  const hunkId = decision.data?.hunkId ?? '';
  const feedback = decision.note ?? '';
  try {
    const before = await run.step('before', beforeSchema, async () =>
      ports.proposals.snapshot(run.id, run.attempt, proposalId, hunkId),
    );
    const overlay = new Overlay(async (path) => {
      if (path === before.path) return ports.proposals.asFile(before.path, before.text);
      return ports.proposals.read(run.id, run.attempt, [...work.ancestors, work.task.id], path);
    });
    const prompt = changePrompt(taskPromptOf(work), hunkId, before.path, before.hunkText, feedback);
    await (await implementer(run, work, { overlay, standsOn: work.ancestors }, ports)).say(prompt);
    const revised = overlay.changes().find(({ path }) => path === before.path)?.text ?? before.text;
    await run.step('revised', z.boolean(), async () => {
      await ports.proposals.revise(run.id, run.attempt, proposalId, hunkId, {
        madeFrom: before.text,
        revised,
        feedback: decision.by === RIPPLE ? MADE_ANEW : feedback,
      });
      return true;
    });
  } catch (error) {
    if (asPlanwrightError(error).code === 'CANCELLED' || asPlanwrightError(error).code === 'REPLAY_MISMATCH')
      throw error;
    run.emit({ type: 'change.failed', proposalId, hunkId, error: errorInfo(error) });
  }
}

function proposalGate(proposalId: string, turn: number): Gate {
  return {
    id: `decide-${turn}`,
    kind: 'proposal',
    title: say`Decide ${proposalId}`,
    question: say`Accept or reject each hunk, or ask for a change.`,
    choices: [
      { id: 'settled', label: say`All hunks decided` },
      { id: 'change', label: say`Ask for a change…`, wantsNote: true },
    ],
    defaultChoice: 'settled',
    proposalId,
  };
}
