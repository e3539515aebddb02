import { parse } from 'partial-json';

/** As much of a plan as can be read from the beginning of its JSON. */
export interface PlanSoFar {
  readonly title: string;
  readonly summary: string;
  readonly tasks: readonly { readonly id: string; readonly title: string; readonly description: string }[];
}

/**
 * What a planner has written so far; null while there is no plan in it. The plan is the last object that begins a line:
 * what a model says before it may have braces too.
 */
export function planSoFar(text: string): PlanSoFar | null {
  const start = Math.max(text.lastIndexOf('\n{'), text.startsWith('{') ? 0 : -1);
  if (start < 0) return null;
  const value = partial(text.slice(start).trimStart());
  if (typeof value !== 'object' || value === null || !('title' in value)) return null;
  const { title, summary, tasks } = value as Record<string, unknown>;
  return {
    title: textOf(title),
    summary: textOf(summary),
    tasks: (Array.isArray(tasks) ? tasks : []).flatMap((task: Record<string, unknown> | null) =>
      typeof task?.id === 'string' && task.title !== undefined
        ? [{ id: task.id, title: textOf(task.title), description: textOf(task.description) }]
        : [],
    ),
  };
}

function partial(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
