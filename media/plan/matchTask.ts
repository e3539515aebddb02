import type { Task } from '../../src/workflow/schemas.ts';

/**
 * The tasks that have every word of `find` in their id, title, description, files, requirements or size, whatever the
 * case; all of them for no words.
 */
export function matchingTasks<T extends Task>(tasks: readonly T[], find: string): readonly T[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tasks;
  return tasks.filter((task) => {
    const text = textOf(task);
    return words.every((word) => text.includes(word));
  });
}

function textOf({ id, title, description, files, requirements }: Task): string {
  const paths = files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  return [id, title, description, ...requirements, ...paths].join('\n').toLowerCase();
}
