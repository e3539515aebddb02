import type { Trace } from '../../src/workflow/trace/traceSchema.ts';

/** What the rows of a trace name by id. */
export interface Parts {
  readonly tasks: ReadonlyMap<string, Trace['tasks'][number]>;
  readonly hunks: ReadonlyMap<string, Trace['hunks'][number]>;
  readonly tests: ReadonlyMap<string, Trace['tests'][number]>;
  readonly checks: ReadonlyMap<string, Trace['checks'][number]>;
}

export function partsOf({ tasks, hunks, tests, checks }: Trace): Parts {
  const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
    new Map(items.map((item) => [item.id, item]));
  return { tasks: byId(tasks), hunks: byId(hunks), tests: byId(tests), checks: byId(checks) };
}
