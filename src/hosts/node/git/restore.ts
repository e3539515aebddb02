import { asPlanwrightError } from '../../../workflow/errors.ts';
import type { Checkpoint } from '../../../workflow/ports.ts';
import type { NodeWorkspace } from '../nodeWorkspace.ts';
import type { GitCheckpoints } from './checkpoints.ts';

/** What a restore does to one file. */
export interface RestoreStep {
  readonly path: string;
  readonly action: 'create' | 'modify' | 'delete';
}

export interface Restored {
  readonly paths: readonly string[];
  readonly failed: readonly { readonly path: string; readonly why: string }[];
}

/** What would have to change for the working tree, as `now` has it, to be as it was at `then`. */
export async function restoreSteps(
  checkpoints: GitCheckpoints,
  then: Checkpoint,
  now: Checkpoint,
): Promise<RestoreStep[]> {
  const differences = await checkpoints.differences(then, now);
  return differences.map(({ path, inFrom, inTo }) => ({
    path,
    action: !inFrom ? 'delete' : inTo ? 'modify' : 'create',
  }));
}

/**
 * Brings files back as they were at a checkpoint, through the workspace: guarded, undoable in an editor, and refused
 * for a file that changes meanwhile. A file that cannot be brought back does not keep the others from it.
 */
export async function restore(
  checkpoints: GitCheckpoints,
  workspace: NodeWorkspace,
  then: Checkpoint,
  steps: readonly RestoreStep[],
): Promise<Restored> {
  const paths: string[] = [];
  const failed: { path: string; why: string }[] = [];
  for (const step of steps) {
    try {
      await restoreOne(checkpoints, workspace, then, step);
      paths.push(step.path);
    } catch (error) {
      failed.push({ path: step.path, why: asPlanwrightError(error).message });
    }
  }
  return { paths, failed };
}

async function restoreOne(
  checkpoints: GitCheckpoints,
  workspace: NodeWorkspace,
  then: Checkpoint,
  { path, action }: RestoreStep,
): Promise<void> {
  const now = await workspace.read(path);
  if (action === 'delete') {
    if (now) await workspace.apply({ action, path, expectedHash: now.hash });
    return;
  }
  const text = workspace.decode(path, await checkpoints.contentOf(then, path));
  if (!now) return workspace.apply({ action: 'create', path, text });
  if (now.text !== text) await workspace.apply({ action: 'modify', path, text, expectedHash: now.hash });
}
