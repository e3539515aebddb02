import type { Task } from '../../src/workflow/schemas.ts';

/** A file as a task names it. */
export type PlannedFile = Task['files'][number];
