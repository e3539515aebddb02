import { z } from 'zod';
import { checkKindSchema, checkOutcomeSchema } from '../checks/checks.ts';
import { fileActionSchema, hunkDecisionSchema } from '../schemas.ts';

/**
 * Where each requirement went: to tasks, to the hunks of their proposals, to the tests that came with them and to
 * what the checks said. Lists refer to one another by id, so that nothing is in it twice.
 */

/**
 * - met: something is accepted for it, nothing is left undecided or was rejected, and checks pass over every task that
 *   gave it something
 * - partly: something is accepted, and something is missing: a hunk, a task, or a check that passes no more
 * - open: nothing is accepted
 * - unchecked: all that was proposed is accepted, and no check that passes speaks for it
 */
export const requirementStates = ['met', 'partly', 'open', 'unchecked'] as const;
export const requirementStateSchema = z.enum(requirementStates);
export type RequirementState = z.infer<typeof requirementStateSchema>;

export const hunkCountsSchema = z.object({
  accepted: z.number().int().min(0),
  rejected: z.number().int().min(0),
  pending: z.number().int().min(0),
});
export type HunkCounts = z.infer<typeof hunkCountsSchema>;

export const tracedRequirementSchema = z.object({
  id: z.string(),
  text: z.string(),
  source: z.enum(['given', 'implied']),
  state: requirementStateSchema,
  /** Why it is in that state, as a sentence. */
  why: z.string(),
  counts: hunkCountsSchema,
  taskIds: z.array(z.string()),
  hunkIds: z.array(z.string()),
  testIds: z.array(z.string()),
  checkIds: z.array(z.string()),
});
export type TracedRequirement = z.infer<typeof tracedRequirementSchema>;

export const tracedTaskSchema = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['pending', 'running', 'done', 'failed', 'cancelled', 'skipped']),
  requirementIds: z.array(z.string()),
  /** What the agent said it did; null until it is done. */
  summary: z.string().nullable(),
  /** The tests that the plan asks for. */
  plannedTests: z.array(z.string()),
  /** What its agent says shows that each line of `doneWhen` holds. */
  evidence: z.array(z.object({ doneWhen: z.string(), how: z.string() })),
  /** Why no check ran over it, where one was to. */
  uncheckedBecause: z.string().nullable(),
});
export type TracedTask = z.infer<typeof tracedTaskSchema>;

export const tracedHunkSchema = z.object({
  id: z.string(),
  proposalId: z.string(),
  taskId: z.string(),
  path: z.string(),
  action: fileActionSchema,
  from: z.string().nullable(),
  /** One-based, on the side that the proposal makes, as of when the hunk was decided. */
  line: z.number().int().min(1),
  added: z.number().int().min(0),
  removed: z.number().int().min(0),
  /** As its agent named them; one that the plan does not have leads nowhere. */
  requirementIds: z.array(z.string()),
  why: z.string(),
  decision: hunkDecisionSchema,
  /** Who decided it last; null while nobody has. */
  by: z.string().nullable(),
  /** The developer's words on the last decision. */
  reason: z.string().nullable(),
  /** What the developer asked to have changed, last. */
  feedback: z.string().nullable(),
  conflict: z.boolean(),
});
export type TracedHunk = z.infer<typeof tracedHunkSchema>;

export const tracedTestSchema = z.object({
  id: z.string(),
  taskId: z.string(),
  path: z.string(),
  /** The proposal that has it; null for a file the plan names and no proposal has. */
  proposalId: z.string().nullable(),
  /** Whether it fails without the implementation; null when nobody tried. */
  proof: z.object({ verdict: z.enum(['proven', 'vacuous', 'unproven']), reason: z.string() }).nullable(),
});
export type TracedTest = z.infer<typeof tracedTestSchema>;

export const tracedCheckSchema = z.object({
  id: z.string(),
  /** Null for a check of all of the run's edits together. */
  taskId: z.string().nullable(),
  /** The last round; each after the first followed a mending. */
  round: z.number().int().min(1),
  /** Milliseconds since the epoch. */
  at: z.number(),
  name: z.string(),
  kind: checkKindSchema,
  /** Without the edits; null where that was not recorded. */
  before: checkOutcomeSchema.nullable(),
  outcome: checkOutcomeSchema,
  verdict: z.enum(['new failure', 'already failing', 'mended', 'passes', 'unknown']),
  /** The verdict as a sentence. */
  reason: z.string(),
  /** Edits it has seen were changed since: what it says holds no more. */
  outdated: z.boolean(),
  newFailures: z.array(z.string()),
  durationMs: z.number(),
  output: z.string(),
  /** What the rounds before said, first one first. */
  earlier: z.array(z.object({ round: z.number().int(), verdict: z.string(), reason: z.string() })),
});
export type TracedCheck = z.infer<typeof tracedCheckSchema>;

export const traceSchema = z.object({
  /** In the plan's order. */
  requirements: z.array(tracedRequirementSchema),
  tasks: z.array(tracedTaskSchema),
  hunks: z.array(tracedHunkSchema),
  tests: z.array(tracedTestSchema),
  checks: z.array(tracedCheckSchema),
  /** Hunks that name no requirement of the plan. */
  unservingHunkIds: z.array(z.string()),
});
export type Trace = z.infer<typeof traceSchema>;
