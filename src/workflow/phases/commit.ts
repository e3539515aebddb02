import { z } from 'zod';
import type { RunEvent } from '../engine/events.ts';
import type { Run } from '../engine/run.ts';
import { errorInfo } from '../errors.ts';
import type { Plan, Task } from '../schemas.ts';
import type { WorkflowPorts } from './context.ts';

/** One commit a task on the developer's branch, and a branch to begin with, where the developer wants them. */

const eventSchema = z.custom<RunEvent | null>();

/** Commits the files of a task in which something was accepted. A refusal is said and ends nothing. */
export async function commitTask(run: Run, task: Task, { commits, proposals }: WorkflowPorts): Promise<void> {
  if (!commits) return;
  const event = await run.step('commit', eventSchema, async (signal): Promise<RunEvent | null> => {
    const accepted = proposals
      .list(run.id, run.attempt)
      .filter((state) => state.taskId === task.id && state.hunks.some(({ decision }) => decision === 'accepted'));
    if (accepted.length === 0) return null;
    const paths = [...new Set(accepted.flatMap(({ path, from }) => (from === undefined ? [path] : [from, path])))];
    try {
      const commit = await commits.commit(paths, commitMessage(task, run.id), signal);
      return commit === null ? null : { type: 'task.committed', taskId: task.id, commit, paths };
    } catch (error) {
      if (signal.aborted) throw error; // Refused by nobody: whoever goes on with the run commits.
      return { type: 'task.uncommitted', taskId: task.id, error: errorInfo(error) };
    }
  });
  if (event) run.emit(event);
}

export function commitMessage({ id, title, requirements }: Task, runId: string): string {
  const trailers = [
    ...(requirements.length > 0 ? [`Planwright-Requirements: ${requirements.join(', ')}`] : []),
    `Planwright-Task: ${id}`,
    `Planwright-Run: ${runId}`,
  ];
  return `${oneLine(title) || id}\n\n${trailers.join('\n')}\n`;
}

/** Begins the branch of the run. A refusal is said, and the run goes on where the developer is. */
export async function startBranch(run: Run, plan: Plan, { commits, settings }: WorkflowPorts): Promise<void> {
  const pattern = settings.branch ?? '';
  if (!commits || pattern === '') return;
  const event = await run.step('branch', eventSchema, async (signal): Promise<RunEvent | null> => {
    const name = branchName(pattern, run.id, plan.title);
    try {
      return (await commits.startBranch(name, run.id, signal)) ? { type: 'branch.started', name } : null;
    } catch (error) {
      if (signal.aborted) throw error;
      return { type: 'branch.refused', name, error: errorInfo(error) };
    }
  });
  if (event) run.emit(event);
}

/** `{run}` stands for the run's id, `{title}` for the plan's title in lower case with hyphens. */
export function branchName(pattern: string, runId: string, title: string): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return pattern.replaceAll('{run}', runId).replaceAll('{title}', words || runId);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 100);
}
