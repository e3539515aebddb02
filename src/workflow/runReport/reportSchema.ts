import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { outputSchema, phaseNameSchema, runStatusSchema } from '../schemas.ts';
import { traceSchema } from '../trace/traceSchema.ts';

/** Raised when the shape of a report changes. */
export const REPORT_VERSION = 1;

const time = z.iso.datetime();
const errorSchema = z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().optional() });

const usageSchema = z.object({
  /** All input tokens, the cached ones included. */
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  calls: z.number().int(),
  /** Milliseconds spent waiting for models; concurrent calls add up. */
  modelMs: z.number(),
  /** By the price table, in its currency; null as soon as one call had no price. */
  cost: z.number().nullable(),
});

export const runReportSchema = z.object({
  version: z.literal(REPORT_VERSION),
  id: z.string(),
  attempt: z.number().int().min(1),
  status: runStatusSchema,
  /** The plan's; null while there is none. */
  title: z.string().nullable(),
  request: z.string(),
  requirements: z.array(z.string()),
  constraints: z.array(z.string()),
  model: z.string(),
  workspace: z.string(),
  /** Of this attempt. */
  startedAt: time,
  endedAt: time.nullable(),
  error: errorSchema.nullable(),
  output: outputSchema.nullable(),
  trace: traceSchema.nullable(),
  /** Requirements for which nothing is accepted. */
  openRequirementIds: z.array(z.string()),
  /** Checks of the trace that fail in their last round and did not before. */
  unresolvedCheckIds: z.array(z.string()),
  failedTasks: z.array(z.object({ id: z.string(), error: errorSchema })),
  /** Changes that the developer asked for and did not get. */
  failedChanges: z.array(z.object({ hunkId: z.string(), error: errorSchema })),
  /** Percent of lines; null when nothing measured it yet. */
  coverage: z
    .object({ overall: z.number().nullable(), changedLines: z.number().nullable(), reason: z.string().nullable() })
    .nullable(),
  metrics: z.object({
    /** 0..100, of the plan that counts. */
    planScore: z.number().nullable(),
    scores: z.array(z.object({ round: z.number().int(), score: z.number() })),
    refinementRounds: z.number().int(),
    usage: usageSchema,
    usageByAgent: z.record(z.string(), usageSchema),
    phases: z.array(
      z.object({
        phase: phaseNameSchema,
        state: z.enum(['pending', 'active', 'done', 'skipped', 'failed']),
        /** Milliseconds, waiting for decisions included; null for one that is not over. */
        ms: z.number().nullable(),
      }),
    ),
  }),
  /** What earlier runs taught and this one was told. */
  learned: z.array(z.string()),
  assumptions: z.array(z.string()),
  outOfScope: z.array(z.string()),
});
export type RunReport = z.infer<typeof runReportSchema>;
