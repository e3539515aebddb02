import type { Tool } from 'ai';
import { z } from 'zod';
import { type Effect, effectSchema, type Overlay, type Provenance } from '../../edits/overlay.ts';
import { journaledTool, type ToolBox, type ToolSpec } from './toolBox.ts';

/** A tool box whose files are an overlay that the agent may change. */
export interface EditBox extends ToolBox {
  readonly overlay: Overlay;
}

/** What every edit says of itself: which requirements it serves, and why it is there. */
export const provenanceFields = {
  requirements: z
    .array(z.string())
    .default([])
    .describe('ids of the requirements this edit serves; empty when it serves none'),
  why: z.string().default('').describe('why this edit is there, in one sentence'),
};

export function provenanceOf(input: { readonly requirements: string[]; readonly why: string }): Provenance {
  return { requirementIds: input.requirements, why: input.why };
}

const resultSchema = z.object({ effect: effectSchema, answer: z.string() });
const manySchema = z.object({ effects: z.array(effectSchema), answer: z.string() });

/**
 * A tool that changes the overlay. What is journaled is the effect, so that a replay changes the overlay in
 * the same way without looking at the files again.
 */
export function editTool<I>(
  box: EditBox,
  spec: Omit<ToolSpec<I>, 'execute'>,
  change: (input: I) => Promise<{ effect: Effect; answer: string }>,
): Tool {
  return journaledTool(box, spec, resultSchema, change, ({ effect, answer }) => {
    box.overlay.applyEffect(effect);
    return answer;
  });
}

/** As {@link editTool}, for a change of several files: all of them or none. */
export function manyFilesTool<I>(
  box: EditBox,
  spec: Omit<ToolSpec<I>, 'execute'>,
  change: (input: I) => Promise<{ effects: Effect[]; answer: string }>,
): Tool {
  return journaledTool(box, spec, manySchema, change, ({ effects, answer }) => {
    for (const effect of effects) box.overlay.applyEffect(effect);
    return answer;
  });
}
