import { verdictMarks } from '../../workflow/checks/compare.ts';
import type { Proof } from '../../workflow/checks/testsThatTest.ts';
import type { RunEvent } from '../../workflow/engine/events.ts';
import { inWords } from '../../workflow/errors.ts';
import type { RunView } from '../../workflow/runState.ts';

/** What happened in a line for people; undefined for what only the numbers show. May hold any character. */
export function eventText(event: RunEvent, view: RunView): string | undefined {
  switch (event.type) {
    case 'workflow.started':
      return `Run ${view.runId} in ${event.workspace} with ${event.model}: ${event.input.request}`;
    case 'workflow.resumed':
      return `Run ${view.runId} goes on.`;
    case 'workflow.restarted':
      return `Attempt ${view.attempt} of run ${view.runId} begins from ${event.from}.`;
    case 'phase.started':
      return `${event.phase}…`;
    case 'phase.completed':
      return event.skipped === undefined ? undefined : `${event.phase} skipped: ${event.skipped}`;
    case 'plan.updated':
      return `  plan${event.round > 0 ? ` of round ${event.round}` : ''}: ${event.plan.title}, ${event.plan.tasks.length} tasks`;
    case 'review.completed':
      return `  scores ${event.review.score} of 100 (${event.review.verdict})`;
    case 'gate.opened':
      return event.gate.kind === 'proposal' ? undefined : `  asks: ${event.gate.title}`;
    case 'gate.decided':
      return event.decision.choice === 'settled'
        ? undefined
        : `  decided: ${event.decision.choice} (${event.decision.by})`;
    case 'task.started':
      return `  ${event.taskId} ${titleOf(view, event.taskId)}…`;
    case 'check.started':
      return `  checks ${event.taskId ?? 'all that was accepted'}${event.round > 1 ? `, round ${event.round}` : ''}: ${event.names.join(', ')}…`;
    case 'check.completed':
      return event.results
        .map(({ name, verdict, reason }) => `  ${verdictMarks[verdict]} ${name}: ${reason}`)
        .join(' ');
    case 'check.skipped':
      return `  no checks: ${event.reason}`;
    case 'tests.proved':
      return event.proofs.map(({ path, verdict }) => `  ${proofs[verdict]} ${path} is ${verdict}`).join(' ');
    case 'coverage.measured': {
      const { overall, changedLines } = event.coverage;
      if (overall === null) return undefined;
      return `  covered: ${overall} % of lines${changedLines === null ? '' : `, ${changedLines} % of the changed ones`}`;
    }
    case 'task.failed':
      return `  ${event.taskId} failed: ${event.error.message}`;
    case 'task.cancelled':
      return `  ${event.taskId} is cancelled (${event.by})`;
    case 'task.retried':
      return `  ${event.taskId} is tried again`;
    case 'task.skipped':
      return event.because === event.taskId
        ? `  goes on without ${event.taskId}`
        : `  goes on without ${event.taskId}, which depends on ${event.because}`;
    case 'checkpoint.created':
      return `  checkpoint ${event.id}: ${event.reason}`;
    case 'checkpoint.failed':
    case 'task.uncommitted':
    case 'branch.refused':
      return `  ${inWords(event.error)}`;
    case 'task.committed':
      return `  ${event.taskId} is commit ${event.commit.slice(0, 10)}`;
    case 'branch.started':
      return `  on branch ${event.name}`;
    case 'checkpoint.restored':
      return `  restored ${event.paths.length} files from checkpoint ${event.id}`;
    case 'proposal.created': {
      const { taskId, path, action, hunks } = event.proposal;
      return `  ${taskId} proposes to ${action} ${path} (${hunks.length} hunk${hunks.length === 1 ? '' : 's'})`;
    }
    case 'hunk.decided':
      return `  ${event.hunkId} of ${pathOf(view, event.proposalId)} ${event.decision} (${event.by})`;
    case 'change.failed':
      return `  ${event.hunkId} of ${pathOf(view, event.proposalId)} stays as it was: ${event.error.message}`;
    case 'retry':
      return `  ${event.error.message} Tries again in ${Math.ceil(event.delayMs / 1000)} s.`;
    default:
      return undefined;
  }
}

const proofs: Readonly<Record<Proof['verdict'], string>> = { proven: '✓', vacuous: '✗', unproven: '?' };

function titleOf({ plan }: RunView, taskId: string): string {
  return plan?.tasks.find(({ id }) => id === taskId)?.title ?? '';
}

function pathOf({ proposals }: RunView, proposalId: string): string {
  return proposals.find(({ id }) => id === proposalId)?.path ?? proposalId;
}
