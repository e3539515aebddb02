import { z } from 'zod';
import {
  criterionIdSchema,
  evidenceSchema,
  fileActionSchema,
  type Input,
  type Plan,
  planSchema,
  type Requirement,
  severitySchema,
  taskSchema,
} from '../schemas.ts';

/**
 * What the models are asked to answer. It differs from the stored data where the engine knows better:
 * it numbers requirements and improvements, and computes scores.
 */

const draftFile = z.object({
  path: z.string(),
  action: fileActionSchema,
  from: z.string().nullish().describe('only for a rename: the path it has now'),
});

export const planDraftSchema = planSchema.omit({ requirements: true, tasks: true }).extend({
  impliedRequirements: z
    .array(z.object({ text: z.string().min(1) }))
    .default([])
    .describe('what the request needs without saying so; numbered after the given ones'),
  tasks: z.array(taskSchema.extend({ files: z.array(draftFile) })).min(1),
});
export type PlanDraft = z.infer<typeof planDraftSchema>;

export const reviewDraftSchema = z.object({
  criteria: z.array(
    z.object({
      id: criterionIdSchema,
      score: z.number().min(0).max(10),
      rationale: z.string(),
      evidence: z
        .array(
          z
            .object({ taskId: z.string(), requirementId: z.string(), path: z.string(), quote: z.string() })
            .partial()
            .loose(),
        )
        .default([]),
      improvements: z
        .array(z.object({ what: z.string().min(1), why: z.string(), severity: severitySchema }))
        .default([]),
    }),
  ),
});
export type ReviewDraft = z.infer<typeof reviewDraftSchema>;

export const refinementDraftSchema = z.object({
  plan: planDraftSchema,
  addressed: z.array(z.object({ improvementId: z.string(), change: z.string().min(1) })).default([]),
  declined: z.array(z.object({ improvementId: z.string(), why: z.string().min(1) })).default([]),
});
export type RefinementDraft = z.infer<typeof refinementDraftSchema>;

export const taskReportSchema = z.object({
  summary: z.string().min(1),
  documentation: z.string().default(''),
  tests: z.array(z.string()).default([]),
  evidence: z.array(z.object({ doneWhen: z.string(), how: z.string() })).default([]),
});
export type TaskReport = z.infer<typeof taskReportSchema>;

/** The given requirements as R1…Rn, in the developer's order. */
export function givenRequirements(input: Input): Requirement[] {
  return input.requirements.map((text, index) => ({ id: `R${index + 1}`, text, source: 'given' }));
}

/** Completes a draft: given requirements first, implied ones numbered after them. */
export function planOf(draft: PlanDraft, input: Input): Plan {
  const given = givenRequirements(input);
  const implied = draft.impliedRequirements.map(
    ({ text }, index): Requirement => ({ id: `R${given.length + index + 1}`, text, source: 'implied' }),
  );
  const { impliedRequirements: _numbered, tasks, ...rest } = draft;
  return planSchema.parse({
    ...rest,
    requirements: [...given, ...implied],
    tasks: tasks.map((task) => ({
      ...task,
      files: task.files.map(({ from, ...file }) => (from ? { ...file, from } : file)),
    })),
  });
}

/** Evidence with its empty fields left out, as models like to send them. */
export function evidenceOf(draft: ReviewDraft['criteria'][number]['evidence'][number]) {
  const { taskId, requirementId, path, quote } = draft;
  return evidenceSchema.parse({
    ...(taskId ? { taskId } : {}),
    ...(requirementId ? { requirementId } : {}),
    ...(path ? { path } : {}),
    ...(quote ? { quote } : {}),
  });
}
