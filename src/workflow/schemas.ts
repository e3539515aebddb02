import { z } from 'zod';
import { say } from './words/say.ts';

/** Version of every stored document and event; raised when a shape changes. */
export const SCHEMA_VERSION = 1;

const line = z.string().trim().min(1);
const requirementId = z.string().regex(/^R\d+$/, say`a requirement id looks like R1`);
const taskId = z.string().regex(/^T\d+$/, say`a task id looks like T1`);

// --- Plan ------------------------------------------------------------------------------------

export const requirementSchema = z.object({
  id: requirementId,
  text: line,
  source: z.enum(['given', 'implied']),
});
export type Requirement = z.infer<typeof requirementSchema>;

export const fileActions = ['create', 'modify', 'delete', 'rename'] as const;
export const fileActionSchema = z.enum(fileActions);
export type FileAction = z.infer<typeof fileActionSchema>;

export const plannedFileSchema = z.object({
  path: line,
  action: fileActionSchema,
  from: line.optional(),
});

export const taskSchema = z.object({
  id: taskId,
  title: line,
  description: z.string(),
  dependsOn: z.array(taskId),
  requirements: z.array(requirementId),
  files: z.array(plannedFileSchema),
  tests: z.array(z.string()),
  doneWhen: z.array(z.string()),
  size: z.enum(['S', 'M', 'L']),
});
export type Task = z.infer<typeof taskSchema>;

const level = z.union([z.literal(1), z.literal(2), z.literal(3)]);

export const planSchema = z.object({
  title: line,
  summary: z.string(),
  requirements: z.array(requirementSchema),
  architecture: z.object({
    overview: z.string(),
    components: z.array(z.object({ name: line, responsibility: z.string(), files: z.array(z.string()) })),
    decisions: z.array(z.object({ decision: line, why: z.string(), alternatives: z.array(z.string()) })),
  }),
  tasks: z.array(taskSchema).min(1, say`a plan has at least one task`),
  successMetrics: z.array(z.object({ name: line, target: z.string(), measuredBy: z.string() })),
  risks: z.array(z.object({ risk: line, likelihood: level, impact: level, mitigation: z.string() })),
  assumptions: z.array(z.string()),
  outOfScope: z.array(z.string()),
});
export type Plan = z.infer<typeof planSchema>;

// --- Review ----------------------------------------------------------------------------------

export const severitySchema = z.enum(['minor', 'major', 'blocker']);
export type Severity = z.infer<typeof severitySchema>;

export const criterionIds = [
  'requirementsCoverage',
  'architecture',
  'feasibility',
  'taskBreakdown',
  'testability',
  'riskAndSecurity',
] as const;
export const criterionIdSchema = z.enum(criterionIds);
export type CriterionId = z.infer<typeof criterionIdSchema>;

/** Where a reviewer saw what it says: at least one field is set. */
export const evidenceSchema = z.object({
  taskId: z.string().optional(),
  requirementId: z.string().optional(),
  path: z.string().optional(),
  quote: z.string().optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export const improvementSchema = z.object({
  id: z.string().regex(/^I\d+$/),
  what: line,
  why: z.string(),
  severity: severitySchema,
});
export type Improvement = z.infer<typeof improvementSchema>;

/** What the plan linter found; `criterion` is the one it caps, `cap` the highest score it then may have. */
export const findingSchema = z.object({
  rule: z.string(),
  severity: severitySchema,
  message: z.string(),
  where: z.string(),
  criterion: criterionIdSchema,
  cap: z.number().min(0).max(10),
});
export type Finding = z.infer<typeof findingSchema>;

export const criterionReviewSchema = z.object({
  id: criterionIdSchema,
  /** Out of 100; the six weights sum to 100. */
  weight: z.number().min(0).max(100),
  /** 0..10 after caps: what counts. */
  score: z.number().min(0).max(10),
  /** 0..10 as the reviewer gave it. */
  given: z.number().min(0).max(10),
  /** Each reviewer's points when there were several; `given` is their median. */
  givenBy: z.array(z.number().min(0).max(10)).optional(),
  /** The rule whose finding lowered the score, when one did. */
  cappedBy: z.string().optional(),
  rationale: z.string(),
  evidence: z.array(evidenceSchema),
  /** Evidence that named nothing real and was dropped. */
  droppedEvidence: z.number().int().min(0),
  improvements: z.array(improvementSchema),
});
export type CriterionReview = z.infer<typeof criterionReviewSchema>;

export const reviewSchema = z.object({
  criteria: z.array(criterionReviewSchema),
  findings: z.array(findingSchema),
  score: z.number().min(0).max(100),
  /** How the score came about, for people: "76 = 25×0.8 + …". */
  arithmetic: z.string(),
  threshold: z.number().min(0).max(100),
  /** The points are those of an earlier version of the plan; only the linter has seen this one. */
  carriedOver: z.boolean().optional(),
  verdict: z.enum(['pass', 'refine']),
});
export type Review = z.infer<typeof reviewSchema>;

// --- Input -----------------------------------------------------------------------------------

/** A kind of change that comes again and again: what its plan looks like, and how it is judged. */
export const templateSchema = z.object({
  name: line,
  description: z.string().default(''),
  /** Markdown for the planner: the tasks such a plan has, and what to look at. */
  skeleton: z.string().trim().min(1, 'a template says something to the planner').max(20_000),
  /** Instead of the settings; they sum to 100 with the rest. */
  weights: z.partialRecord(criterionIdSchema, z.number().min(0).max(100)).optional(),
  threshold: z.number().min(0).max(100).optional(),
  approvePlan: z.boolean().optional(),
});
export type Template = z.infer<typeof templateSchema>;

export const inputSchema = z.object({
  request: z.string().trim().min(1, say`say what you want to have built`).max(20_000),
  requirements: z.array(line).max(200).default([]),
  constraints: z.array(line).max(200).optional(),
  template: templateSchema.optional(),
  /** A plan to review and implement instead of having one written. */
  plan: planSchema.optional(),
});
export type Input = z.infer<typeof inputSchema>;

// --- Refinement ------------------------------------------------------------------------------

export const refinementSchema = z.object({
  round: z.number().int().min(1),
  addressed: z.array(z.object({ improvementId: z.string(), change: line })),
  declined: z.array(z.object({ improvementId: z.string(), why: line })),
  scoreBefore: z.number(),
  scoreAfter: z.number(),
});
export type Refinement = z.infer<typeof refinementSchema>;

// --- Proposals -------------------------------------------------------------------------------

export const hunkDecisions = ['pending', 'accepted', 'rejected', 'superseded'] as const;
export const hunkDecisionSchema = z.enum(hunkDecisions);
export type HunkDecision = z.infer<typeof hunkDecisionSchema>;

/** Zero-based first line and number of lines; `count` 0 is a place between lines. */
export const lineRangeSchema = z.object({ start: z.number().int().min(0), count: z.number().int().min(0) });
export type LineRange = z.infer<typeof lineRangeSchema>;

export const hunkSchema = z.object({
  id: z.string(),
  baseRange: lineRangeSchema,
  newRange: lineRangeSchema,
  requirementIds: z.array(z.string()),
  why: z.string(),
  decision: hunkDecisionSchema,
  /** What the developer asked to have changed, last first. */
  feedback: z.string().optional(),
});
export type Hunk = z.infer<typeof hunkSchema>;

export const proposalSchema = z.object({
  id: z.string(),
  taskId,
  path: line,
  action: fileActionSchema,
  from: z.string().optional(),
  /** The text the proposal was made against; empty for a new file. `hash` is of that text, 'absent' for none. */
  base: z.object({ hash: z.string(), text: z.string() }),
  /** The text proposed; empty when the file is deleted. */
  text: z.string(),
  hunks: z.array(hunkSchema),
  rationale: z.string(),
});
export type Proposal = z.infer<typeof proposalSchema>;

// --- Output and status -----------------------------------------------------------------------

export const outputSchema = z.object({
  implementation: z.string(),
  documentation: z.string(),
  tests: z.array(z.string()),
  metrics: z.object({
    /** 0..100, of the plan that was implemented. */
    planScore: z.number(),
    /** Milliseconds from approval of the plan to the last decision. */
    implementationTime: z.number(),
    /** Percent of lines, or null when nothing measured it. */
    testCoverage: z.number().nullable(),
  }),
});
export type Output = z.infer<typeof outputSchema>;

export const phaseNames = ['planning', 'review', 'refinement', 'implementation'] as const;
export const phaseNameSchema = z.enum(phaseNames);
export type PhaseName = z.infer<typeof phaseNameSchema>;

export const runStatusSchema = z.enum(['queued', 'in_progress', 'waiting', 'completed', 'failed', 'cancelled']);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const statusSchema = z.object({
  id: z.string(),
  status: runStatusSchema,
  currentPhase: phaseNameSchema.nullable(),
  progress: z.number().min(0).max(100),
  estimatedCompletion: z.string().nullable(),
});
export type Status = z.infer<typeof statusSchema>;
