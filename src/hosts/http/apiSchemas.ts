import { z } from 'zod';
import type { RunEvent } from '../../workflow/engine/events.ts';
import { agentNames, gateKinds } from '../../workflow/engine/events.ts';
import { errorCodes } from '../../workflow/errors.ts';
import { runReportSchema } from '../../workflow/runReport/reportSchema.ts';
import {
  inputSchema,
  outputSchema,
  phaseNameSchema,
  phaseNames,
  planSchema,
  proposalSchema,
  refinementSchema,
  reviewSchema,
  runStatusSchema,
  statusSchema,
} from '../../workflow/schemas.ts';

/** What goes over the wire. The contract's own shapes are those of the workflow; the rest is what HTTP adds. */

export const Input = inputSchema.meta({ id: 'Input' });
export const Plan = planSchema.meta({ id: 'Plan' });
export const Review = reviewSchema.meta({ id: 'Review' });
export const Refinement = refinementSchema.meta({ id: 'Refinement' });
export const Proposal = proposalSchema.meta({ id: 'Proposal' });
export const Output = outputSchema.meta({ id: 'Output' });
export const Status = statusSchema.meta({ id: 'Status' });
export const Report = runReportSchema.meta({ id: 'Report' });
const PhaseName = phaseNameSchema.meta({ id: 'PhaseName' });
export const RunStatus = runStatusSchema.meta({ id: 'RunStatus' });

const time = z.iso.datetime();

const ErrorInfo = z
  .object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().optional() })
  .meta({ id: 'ErrorInfo' });

export const ProblemDetails = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    code: z.enum(errorCodes),
    hint: z.string().optional(),
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'An error by RFC 9457, with its code and what to do about it.' });

export const Started = z
  .object({ id: z.string(), status: RunStatus, links: z.record(z.string(), z.string()) })
  .meta({ id: 'Started' });

export const Summary = z
  .object({
    ...statusSchema.shape,
    attempt: z.int().min(1),
    paused: z.boolean(),
    request: z.string(),
    model: z.string(),
    workspace: z.string(),
    createdAt: time,
  })
  .meta({ id: 'Summary' });
export type Summary = z.infer<typeof Summary>;

export const SummaryPage = z
  .object({ items: z.array(Summary), nextCursor: z.string().nullable() })
  .meta({ id: 'SummaryPage' });

const PhaseView = z.object({
  state: z.enum(['pending', 'active', 'done', 'skipped', 'failed']),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  score: z.number().nullable(),
  skipped: z.string().nullable(),
});

const TaskView = z.object({
  state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled', 'skipped']),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  summary: z.string().nullable(),
  error: ErrorInfo.nullable(),
  proposalIds: z.array(z.string()),
});

const Usage = z
  .object({
    inputTokens: z.number(),
    cachedInputTokens: z.number(),
    outputTokens: z.number(),
    reasoningTokens: z.number(),
    calls: z.int(),
    countedCalls: z.int(),
    modelMs: z.number(),
    cost: z.number().nullable(),
  })
  .meta({ id: 'Usage' });

export const Gate = z
  .object({
    id: z.string(),
    kind: z.enum(gateKinds),
    title: z.string(),
    question: z.string(),
    choices: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        description: z.string().optional(),
        wantsNote: z.boolean().optional(),
        wantsPlan: z.boolean().optional(),
        takesComments: z.boolean().optional(),
        wantsAnswers: z.boolean().optional(),
        takesNames: z.boolean().optional(),
      }),
    ),
    defaultChoice: z.string(),
    questions: z
      .array(z.object({ id: z.string(), question: z.string(), suggestions: z.array(z.string()), default: z.string() }))
      .optional(),
    checks: z.array(z.object({ name: z.string(), command: z.string(), cwd: z.string() })).optional(),
    proposalId: z.string().optional(),
    taskId: z.string().optional(),
    held: z.boolean().optional(),
  })
  .meta({ id: 'Gate' });
export type Gate = z.infer<typeof Gate>;

export const GateList = z.object({ items: z.array(Gate) }).meta({ id: 'GateList' });

/** A decision without who made it: that is for us to say. */
export const GateDecision = z
  .object({
    choice: z.string().min(1).max(100),
    note: z.string().max(20_000).optional(),
    data: z.record(z.string().max(100), z.string()).optional(),
  })
  .meta({ id: 'GateDecision' });

export const Workflow = z
  .object({
    ...Summary.shape,
    /** The number of the last event in it. */
    seq: z.int().min(0),
    updatedAt: time,
    endedAt: time.nullable(),
    phases: z.object(Object.fromEntries(phaseNames.map((name) => [name, PhaseView])) as PhaseShape),
    tasks: z.record(z.string(), TaskView),
    openGates: z.array(Gate),
    pendingHunks: z.int().min(0),
    usage: Usage,
    error: ErrorInfo.nullable(),
    context: z
      .object({
        request: Input,
        plan: Plan.nullable(),
        reviewReport: Review.nullable(),
        refinements: z.array(Refinement),
        implementation: z.string().nullable(),
        metrics: outputSchema.shape.metrics.nullable(),
      })
      .meta({ id: 'Context' }),
  })
  .meta({ id: 'Workflow' });
export type Workflow = z.infer<typeof Workflow>;
type PhaseShape = Record<(typeof phaseNames)[number], typeof PhaseView>;

export const ProposalList = z.object({ items: z.array(Proposal) }).meta({ id: 'ProposalList' });

const eventTypes = {
  'workflow.started': true,
  'workflow.paused': true,
  'workflow.resumed': true,
  'workflow.restarted': true,
  'phase.started': true,
  'phase.completed': true,
  'plan.updated': true,
  'review.completed': true,
  'refinement.completed': true,
  'gate.opened': true,
  'gate.decided': true,
  'agent.acted': true,
  'task.started': true,
  'task.completed': true,
  'task.failed': true,
  'task.cancelled': true,
  'task.retried': true,
  'task.skipped': true,
  'checkpoint.created': true,
  'checkpoint.failed': true,
  'checkpoint.restored': true,
  'task.committed': true,
  'task.uncommitted': true,
  'branch.started': true,
  'branch.refused': true,
  'proposal.created': true,
  'proposal.updated': true,
  'hunk.decided': true,
  'learned.used': true,
  'check.started': true,
  'check.completed': true,
  'check.skipped': true,
  'tests.proved': true,
  'coverage.measured': true,
  'change.failed': true,
  usage: true,
  retry: true,
  'workflow.completed': true,
  'workflow.failed': true,
  'workflow.cancelled': true,
} satisfies Record<RunEvent['type'], true>;

export const Event = z
  .object({
    runId: z.string(),
    attempt: z.int().min(1),
    seq: z.int().min(1),
    /** Milliseconds since the epoch, as the log keeps it. */
    at: z.number(),
    event: z.looseObject({
      type: z.string().meta({ examples: Object.keys(eventTypes), description: 'New kinds of events may be added.' }),
      agent: z.enum(agentNames).optional(),
      phase: PhaseName.optional(),
      taskId: z.string().optional(),
      plan: Plan.optional(),
      review: Review.optional(),
      refinement: Refinement.optional(),
      gate: Gate.optional(),
      error: ErrorInfo.optional(),
      output: Output.optional(),
    }),
  })
  .meta({ id: 'Event' });

export const EventPage = z
  .object({
    items: z.array(Event),
    /** What to send as `after` for the next page. */
    last: z.int().min(0),
    more: z.boolean(),
  })
  .meta({ id: 'EventPage' });

export const Restart = z.object({ from: PhaseName }).meta({ id: 'Restart' });
