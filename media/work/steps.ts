import type { AgentName } from '../../src/workflow/engine/events.ts';
import type { Activity, RunView } from '../../src/workflow/runState.ts';
import type { PhaseName } from '../../src/workflow/schemas.ts';
import type { LiveText } from '../panelState.ts';

/** What one agent is at, at this moment. */
export interface AgentStep {
  readonly agent: AgentName;
  readonly taskId: string | null;
  /** When its task or phase began; milliseconds since the epoch on the extension's clock. */
  readonly since: number | null;
  /** The last thing it did since. */
  readonly last: Activity | null;
  /** What it is writing, if it is. */
  readonly writing: LiveText | null;
}

const agentOf: Readonly<Record<PhaseName, AgentName>> = {
  planning: 'planner',
  review: 'reviewer',
  refinement: 'refiner',
  implementation: 'implementer',
};

/** One step a task that runs; outside of implementation that of the phase's own agent. */
export function agentSteps(
  { tasks, currentPhase, phases, activity }: Pick<RunView, 'tasks' | 'currentPhase' | 'phases' | 'activity'>,
  live: readonly LiveText[],
): readonly AgentStep[] {
  const running = Object.entries(tasks).filter(([, { state }]) => state === 'running');
  const lastOf = (agent: AgentName | null, taskId: string | null, since: number | null) =>
    activity.findLast(
      (act) => act.taskId === taskId && (agent === null || act.agent === agent) && act.at >= (since ?? 0),
    ) ?? null;
  const known = running.map(([taskId, { startedAt }]): AgentStep => {
    const last = lastOf(null, taskId, startedAt);
    const writing = live.find((stream) => stream.taskId === taskId) ?? null;
    return { agent: writing?.agent ?? last?.agent ?? 'implementer', taskId, since: startedAt, last, writing };
  });
  if (currentPhase === null || currentPhase === 'implementation' || phases[currentPhase].state !== 'active')
    return known;
  const writing = live.findLast((stream) => stream.taskId === null) ?? null;
  const agent = writing?.agent ?? agentOf[currentPhase];
  const since = phases[currentPhase].startedAt ?? null;
  return [...known, { agent, taskId: null, since, last: lastOf(agent, null, since), writing }];
}
