import type { StoredEvent } from '../engine/events.ts';
import { type RunView, replay } from '../runState.ts';
import type { Fact } from './fact.ts';

/** Plans in which a rule found something before it is worth a line. */
const RECURRENT = 2;
const MAX_TEXT = 300;

/**
 * What a run teaches: what the developer asked for and rejected, in their own words, and what first plans here lack
 * again and again. Nothing in it is a model's opinion.
 * @param events of the run
 * @param earlier views of the workspace's other runs
 */
export function learnFrom(events: readonly StoredEvent[], earlier: readonly RunView[]): Fact[] {
  const view = replay(events);
  if (!view) return [];
  return [...asked(events, view), ...rejected(events, view), ...recurrent(view, earlier)];
}

function asked(events: readonly StoredEvent[], view: RunView): Fact[] {
  const gates = new Map(
    events.flatMap(({ event }) => (event.type === 'gate.opened' ? [[event.gate.id, event.gate]] : [])),
  );
  return events.flatMap(({ event }): Fact[] => {
    if (event.type !== 'gate.decided' || !event.decision.note || event.decision.by !== 'developer') return [];
    const proposalId = gates.get(event.gateId)?.proposalId;
    const path = view.proposals.find(({ id }) => id === proposalId)?.path;
    const about = path === undefined ? 'Of a plan' : `Of an edit to ${path}`;
    return [{ kind: 'request', text: `${about} the developer asked: ${short(event.decision.note)}` }];
  });
}

function rejected(events: readonly StoredEvent[], view: RunView): Fact[] {
  return events.flatMap(({ event }): Fact[] => {
    if (event.type !== 'hunk.decided' || event.decision !== 'rejected' || !event.reason) return [];
    const path = view.proposals.find(({ id }) => id === event.proposalId)?.path ?? '';
    return [{ kind: 'rejection', text: `An edit to ${path} was rejected: ${short(event.reason)}` }];
  });
}

function recurrent(view: RunView, earlier: readonly RunView[]): Fact[] {
  const others = earlier.filter(({ runId }) => runId !== view.runId).map(firstFindings);
  return [...firstFindings(view)].flatMap(([rule, message]): Fact[] => {
    const times = 1 + others.filter((findings) => findings.has(rule)).length;
    if (times < RECURRENT) return [];
    return [
      { kind: 'finding', text: `First plans here were found to break “${rule}” more than once, as: ${short(message)}` },
    ];
  });
}

/** Of each rule one message, from the review of the planner's own plan. */
function firstFindings({ reviews }: RunView): Map<string, string> {
  const first = reviews.find(({ round }) => round === 0)?.review;
  return new Map(first?.findings.map(({ rule, message }) => [rule, message]) ?? []);
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line;
}
