import type { Gate, HunkSummary, ProposalSummary, RunEvent, StoredEvent } from '../../../src/workflow/engine/events.ts';
import type { HunkDecision, Plan, Task } from '../../../src/workflow/schemas.ts';

/** An event of attempt 1, or of the attempt it names. */
export type LogEntry = RunEvent | { readonly attempt: number; readonly event: RunEvent };

/** Numbers events as the log does: sequence from 1 over all attempts, one second apart. */
export function log(...entries: readonly LogEntry[]): StoredEvent[] {
  return entries.map((entry, index) => ({
    runId: 'run-1',
    attempt: 'event' in entry ? entry.attempt : 1,
    seq: index + 1,
    at: (index + 1) * 1000,
    event: 'event' in entry ? entry.event : entry,
  }));
}

export const started: RunEvent = {
  type: 'workflow.started',
  input: { request: 'Add slugs', requirements: ['Slugs are short'] },
  model: 'demo',
  workspace: 'slugs',
};

export function task(id: string, dependsOn: readonly string[] = [], over: Partial<Task> = {}): Task {
  return {
    id,
    title: `Task ${id}`,
    description: '',
    dependsOn: [...dependsOn],
    requirements: ['R1'],
    files: [{ path: `src/${id}.ts`, action: 'create' }],
    tests: [],
    doneWhen: ['it works'],
    size: 'S',
    ...over,
  };
}

export function plan(...tasks: readonly Task[]): Plan {
  return {
    title: 'Slugs',
    summary: 'Adds slugs.',
    requirements: [{ id: 'R1', text: 'Slugs are short', source: 'given' }],
    architecture: { overview: '', components: [], decisions: [] },
    tasks: [...tasks],
    successMetrics: [],
    risks: [],
    assumptions: [],
    outOfScope: [],
  };
}

export function hunk(id: string, decision: HunkDecision = 'pending'): HunkSummary {
  const range = { start: 0, count: 1 };
  return {
    id,
    baseRange: range,
    newRange: range,
    removed: 1,
    added: 1,
    requirementIds: ['R1'],
    why: 'because',
    decision,
  };
}

export function proposal(id: string, taskId: string, hunks: readonly HunkSummary[], version = 1): ProposalSummary {
  return { id, taskId, path: `src/${taskId}.ts`, action: 'modify', rationale: 'why', version, hunks };
}

export function gate(id: string, kind: Gate['kind'], proposalId?: string): Gate {
  const choices = [{ id: 'yes', label: 'Yes' }];
  return {
    id,
    kind,
    title: 'A gate',
    question: 'Well?',
    choices,
    defaultChoice: 'yes',
    ...(proposalId === undefined ? {} : { proposalId }),
  };
}

export function phaseStarted(phase: 'planning' | 'review' | 'refinement' | 'implementation'): RunEvent {
  return { type: 'phase.started', phase };
}
