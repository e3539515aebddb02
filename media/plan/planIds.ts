import type { Plan } from '../../src/workflow/schemas.ts';

/** The tasks and requirements that a plan has, by id. */
export function idsOf({ tasks, requirements }: Plan): ReadonlySet<string> {
  return new Set([...tasks, ...requirements].map(({ id }) => id));
}
