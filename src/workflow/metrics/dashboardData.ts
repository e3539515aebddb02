import { z } from 'zod';
import { checkKindSchema } from '../checks/checks.ts';
import { phaseNameSchema } from '../schemas.ts';

/** The windows to choose from; `days` is null for all there is. */
export const windows = [
  { name: '24h', days: 1 },
  { name: '7d', days: 7 },
  { name: '30d', days: 30 },
  { name: 'all', days: null },
] as const;
export const windowNameSchema = z.enum(['24h', '7d', '30d', 'all']);
export type WindowName = z.infer<typeof windowNameSchema>;

const count = z.number().int().min(0);

/** Milliseconds, by nearest rank: the smallest value that so many percent are not above. Null of nothing. */
const spread = { median: z.number().nullable(), p95: z.number().nullable() };

const usageSchema = z.object({
  calls: count,
  /** All input tokens, the cached ones included. */
  inputTokens: count,
  cachedInputTokens: count,
  /** The cached part of the input tokens, 0..1: how well the provider's prompt cache is met. */
  cacheHitRate: z.number().min(0).max(1).nullable(),
  /** All output tokens, the thought ones included. */
  outputTokens: count,
  reasoningTokens: count,
  /** By the price table, in its currency, of the calls that had a price; null when none had. */
  cost: z.number().nullable(),
  unpricedCalls: count,
});
export type UsageFigures = z.infer<typeof usageSchema>;

/** What the dashboard shows. Counts of what happened are 0 when nothing did; what cannot be computed is null. */
export const dashboardSchema = z.object({
  window: windowNameSchema,
  /** Milliseconds since the epoch: what happened from then on counts. A full hour, or 0 for all there is. */
  since: z.number(),
  /** When the figures were computed, in milliseconds since the epoch. */
  at: z.number(),
  /** Runs that have not ended, now: whatever the window. */
  active: z.object({ queued: count, inProgress: count, waiting: count }),
  /** Of reviews, 0..100; a plan that was refined is reviewed more than once. */
  reviewScore: z.object({ reviews: count, mean: z.number().nullable() }),
  /** Runs by how they ended last; `successRate` is the completed ones' part of all that ended, 0..1. */
  outcomes: z.object({
    completed: count,
    failed: count,
    cancelled: count,
    successRate: z.number().min(0).max(1).nullable(),
  }),
  /** Of the runs first reviewed in the window: the part refined at least once, 0..1, and rounds a run. */
  refinement: z.object({
    reviewed: count,
    refined: count,
    frequency: z.number().min(0).max(1).nullable(),
    meanRounds: z.number().nullable(),
  }),
  /** All four, in their order. */
  phases: z.array(z.object({ phase: phaseNameSchema, count, ...spread })),
  responseTime: z.object({ calls: count, ...spread }),
  /** To the first piece of an answer, of the calls that were answered piece by piece. */
  firstToken: z.object({ calls: count, ...spread }),
  usage: usageSchema,
  /** By name. */
  usageByAgent: z.array(usageSchema.extend({ agent: z.string() })),
  usageByModel: z.array(usageSchema.extend({ model: z.string() })),
  /** By agent, then model. */
  usageByAgentAndModel: z.array(usageSchema.extend({ agent: z.string(), model: z.string() })),
  /**
   * In order of time; round 0 is the first review of a plan. Of rolled-up hours the mean of each round, at the
   * hour's beginning.
   */
  scores: z.array(z.object({ at: z.number(), round: count, score: z.number(), reviews: count })),
  /** Days of this machine's time zone on which a run ended, as 2026-11-24, in order. */
  days: z.array(z.object({ day: z.string(), completed: count, failed: count, cancelled: count })),
  hunks: z.object({ accepted: count, rejected: count }),
  /** Of checks of a kind that was run; a check that timed out has failed. By name. */
  checks: z.array(
    z.object({ kind: checkKindSchema, passed: count, failed: count, notRun: count, newFailures: count, ...spread }),
  ),
  /** Most frequent first. */
  retries: z.array(z.object({ code: z.string(), count })),
});
export type DashboardData = z.infer<typeof dashboardSchema>;
