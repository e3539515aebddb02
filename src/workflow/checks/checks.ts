import { z } from 'zod';
import type { Coverage } from './coverage.ts';
import { coverageFormatSchema } from './coverageFormat.ts';

/** The commands that a workspace judges itself with: which there are, and what a run of one said. */

export const checkKinds = ['test', 'types', 'lint', 'format', 'build'] as const;
export const checkKindSchema = z.enum(checkKinds);
export type CheckKind = z.infer<typeof checkKindSchema>;

/** An argument array as a process gets it: nothing in it is read by a shell. */
const argumentsSchema = z.array(z.string()).min(1);

/** The same check as one that measures: it leaves a report behind. */
export const coverageCommandSchema = z.object({
  command: argumentsSchema,
  /** Where the report is written, relative to the check's `cwd`. */
  report: z.string().min(1),
  format: coverageFormatSchema,
  /** What stands before each path in the report and is no part of it: a Go module's name. */
  prefix: z.string().optional(),
});

export const checkCommandSchema = z.object({
  /** What people call it: 'npm test', 'packages/a: npm test'. No two checks of a workspace share one. */
  name: z.string().min(1),
  kind: checkKindSchema,
  command: argumentsSchema,
  /** Relative to the workspace, with forward slashes; '.' is the workspace itself. */
  cwd: z.string().min(1),
  coverage: coverageCommandSchema.optional(),
});
export type CheckCommand = z.infer<typeof checkCommandSchema>;

export const checkOutcomes = ['passed', 'failed', 'timed-out', 'not-run'] as const;
export const checkOutcomeSchema = z.enum(checkOutcomes);
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>;

export const checkRunSchema = z.object({
  name: z.string().min(1),
  outcome: checkOutcomeSchema,
  /** Null when the process was killed or never started. */
  exitCode: z.number().int().nullable(),
  /** Milliseconds, from its start to the end of the last process it left. */
  durationMs: z.number().min(0),
  /** What it printed, both streams as they came; the middle of a long one is left out, and says so. */
  output: z.string(),
  /** Why it was stopped, or could not be run, as a sentence. */
  cut: z.string().optional(),
  /** The tests that failed, where the output names them; absent when it does not. */
  failures: z.array(z.string()).optional(),
  /** What is worth knowing beside how it came out, as a sentence; its output is kept then, also when it passed. */
  note: z.string().optional(),
});
export type CheckRun = z.infer<typeof checkRunSchema>;

/** A run of a check, and what it measured; `coverage` is null when the check has no way to measure. */
export interface MeasuredRun {
  readonly run: CheckRun;
  readonly coverage: Coverage | null;
}

/** Files as they shall be for a run: the text, or null for one that shall not be there. Paths as in a Workspace. */
export type FileStates = ReadonlyMap<string, string | null>;

/** Runs the workspace's checks where they cannot touch it. */
export interface Checks {
  /** The checks the workspace seems to have. Reads files; starts nothing. */
  detect(): Promise<CheckCommand[]>;
  /**
   * The workspace's checks with `files` in place of its own, one after the other, in a scratch copy.
   * @throws PlanwrightError CANCELLED | OUTSIDE_WORKSPACE | DENIED_PATH | TOO_LARGE | STORAGE
   */
  run(commands: readonly CheckCommand[], files: FileStates, signal: AbortSignal): Promise<CheckRun[]>;
  /** As {@link run}, on the workspace as it is; not run again while that stays the same. */
  baseline(commands: readonly CheckCommand[], signal: AbortSignal): Promise<CheckRun[]>;
  /** As {@link run}, with the coverage variant of each check that has one. */
  measure(commands: readonly CheckCommand[], files: FileStates, signal: AbortSignal): Promise<MeasuredRun[]>;
}
