import type { z } from 'zod';
import type { Gate as OpenGate, StoredEvent } from '../../workflow/engine/events.ts';
import type { PhaseView, RunView, TaskView } from '../../workflow/runState.ts';
import type { Status } from '../../workflow/schemas.ts';
import type { Event, Gate, Summary, Workflow } from './apiSchemas.ts';

/** Runs as the API shows them; times as ISO 8601. */

export function summaryOf(view: RunView, status: Status): Summary {
  const { attempt, paused, input, model, workspace, startedAt } = view;
  return { ...status, attempt, paused, request: input.request, model, workspace, createdAt: iso(startedAt) };
}

export function workflowOf(view: RunView, status: Status): Workflow {
  const { planning, review, refinement, implementation } = view.phases;
  return {
    ...summaryOf(view, status),
    seq: view.seq,
    updatedAt: iso(view.updatedAt),
    endedAt: isoOrNull(view.endedAt),
    phases: {
      planning: phaseOf(planning),
      review: phaseOf(review),
      refinement: phaseOf(refinement),
      implementation: phaseOf(implementation),
    },
    tasks: Object.fromEntries(Object.entries(view.tasks).map(([id, task]) => [id, taskOf(task)])),
    openGates: view.openGates.map(gateOf),
    pendingHunks: view.pendingHunks,
    usage: { ...view.usage },
    error: view.error,
    context: {
      request: view.input,
      plan: view.plan,
      reviewReport: view.reviews.at(-1)?.review ?? null,
      refinements: [...view.refinements],
      implementation: view.output?.implementation ?? null,
      metrics: view.output?.metrics ?? null,
    },
  };
}

export function gateOf(gate: OpenGate): Gate {
  const { questions, checks, ...rest } = gate;
  return {
    ...rest,
    choices: gate.choices.map((choice) => ({ ...choice })),
    ...(checks && { checks: checks.map((check) => ({ ...check })) }),
    ...(questions && {
      questions: questions.map((question) => ({ ...question, suggestions: [...question.suggestions] })),
    }),
  };
}

/** An event as the log has it. */
export function eventOf(stored: StoredEvent): z.infer<typeof Event> {
  return stored as unknown as z.infer<typeof Event>;
}

/** Where a started run is looked at and told what to do. */
export function linksOf(id: string): Record<string, string> {
  const self = `/api/workflows/${id}`;
  const parts = [
    'status',
    'plan',
    'review',
    'proposals',
    'output',
    'report',
    'events',
    'gates',
    'cancel',
    'pause',
    'resume',
  ];
  return { self, ...Object.fromEntries(parts.map((part) => [part, `${self}/${part}`])), restart: `${self}/restart` };
}

function phaseOf({ state, startedAt, endedAt, score, skipped }: PhaseView): Workflow['phases']['planning'] {
  return {
    state,
    startedAt: isoOrNull(startedAt ?? null),
    endedAt: isoOrNull(endedAt ?? null),
    score: score ?? null,
    skipped: skipped ?? null,
  };
}

function taskOf({ startedAt, endedAt, proposalIds, ...task }: TaskView): Workflow['tasks'][string] {
  return { ...task, startedAt: isoOrNull(startedAt), endedAt: isoOrNull(endedAt), proposalIds: [...proposalIds] };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : iso(ms);
}
