import type { RunEvent } from '../engine/events.ts';

/** What of an event may leave the machine. A kind of event that is not here tells nothing but its name. */
export function fieldsOf(event: RunEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'workflow.started':
      return {
        model: event.model,
        trigger: event.trigger ? { id: event.trigger.id, kind: event.trigger.kind, depth: event.trigger.depth } : null,
      };
    case 'workflow.restarted':
      return { from: event.from, sourceAttempt: event.sourceAttempt };
    case 'phase.started':
      return { phase: event.phase };
    case 'phase.completed':
      return { phase: event.phase, score: event.score ?? null, nextPhase: event.nextPhase };
    case 'review.completed':
      return { round: event.round, score: event.review.score, verdict: event.review.verdict };
    case 'gate.opened':
      return { gate: { id: event.gate.id, kind: event.gate.kind } };
    case 'gate.decided':
      return { gate: { id: event.gateId }, choice: event.decision.choice, by: event.decision.by };
    case 'task.started':
      return { taskId: event.taskId };
    case 'task.completed':
      return { taskId: event.taskId, proposals: event.proposalIds.length };
    case 'task.failed':
      return { taskId: event.taskId, error: { code: event.error.code } };
    case 'hunk.decided':
      return { hunkId: event.hunkId, decision: event.decision, by: event.by };
    case 'workflow.completed':
      return { metrics: event.output.metrics };
    case 'workflow.failed':
      return { error: { code: event.error.code } };
    default:
      return {};
  }
}
