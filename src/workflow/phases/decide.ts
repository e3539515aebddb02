import type { Gate } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import { say } from '../words/say.ts';
import { changeProposal } from './change.ts';
import type { WorkflowPorts } from './context.ts';
import type { TaskWork } from './task.ts';

/** Waits until every hunk of a proposal is decided, and has the agent change what the developer asks to have changed. */
export async function decideProposal(
  run: Run,
  work: TaskWork,
  proposalId: string,
  ports: WorkflowPorts,
): Promise<void> {
  const others: Promise<void>[] = [];
  for (let turn = 1; ; turn++) {
    const decision = await run.decide(proposalGate(proposalId, turn));
    if (decision.choice !== 'change') break;
    const scope = run.scoped(`change-${turn}`);
    const made = await changeProposal(scope, work, { proposalId, turn, decision }, ports);
    for (const id of made) {
      const deciding = decideProposal(scope.scoped(id), work, id, ports);
      deciding.catch(() => {}); // Thrown below, once this one is decided.
      others.push(deciding);
    }
  }
  await Promise.all(others);
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
