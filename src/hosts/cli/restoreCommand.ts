import { PlanwrightError } from '../../workflow/errors.ts';
import { type RunView, replay } from '../../workflow/runState.ts';
import { type Engine, openFor } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import type { Flags } from './options.ts';
import type { Terminal } from './terminal.ts';
import { oneLine, visible } from './visible.ts';

/** Brings files back as they were at a checkpoint; without `--checkpoint` lists what there is. */
export async function restore(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const engine = openFor(id, flags, process.env);
  try {
    engine.require(id);
    const checkpoints = replay(engine.store.events(id, 0))?.checkpoints ?? [];
    if (flags.checkpoint === undefined) return list(checkpoints, terminal);
    const then = checkpoints.find((checkpoint) => String(checkpoint.id) === flags.checkpoint);
    if (!then) {
      throw new PlanwrightError('NOT_FOUND', `Run ${id} has no checkpoint ${flags.checkpoint}.`, {
        hint: `See “planwright restore ${id}”.`,
      });
    }
    return await bringBack(engine, id, then, flags, terminal);
  } finally {
    await engine.close();
  }
}

function list(checkpoints: RunView['checkpoints'], terminal: Terminal): number {
  if (checkpoints.length === 0) terminal.note('This run has no checkpoint.');
  for (const { id, at, commit, reason } of checkpoints)
    terminal.print(oneLine(`${id}  ${new Date(at).toISOString()}  ${commit.slice(0, 10)}  ${reason}`));
  return exitCodes.completed;
}

async function bringBack(
  engine: Engine,
  runId: string,
  then: RunView['checkpoints'][number],
  { file, 'dry-run': dryRun }: Flags,
  terminal: Terminal,
): Promise<number> {
  const { steps, apply, drop } = await engine.checkpoints.planRestore(runId, then);
  const chosen = steps.filter(({ path }) => file === undefined || file.includes(path));
  const unknown = file?.find((path) => !steps.some((step) => step.path === path));
  if (unknown !== undefined) terminal.note(visible(`${unknown} is as it was at checkpoint ${then.id}.`));
  for (const { action, path } of chosen) terminal.print(oneLine(`${action} ${path}`));
  if (dryRun || chosen.length === 0) {
    await drop();
    if (chosen.length === 0) terminal.note('There is nothing to restore.');
    return exitCodes.completed;
  }
  const { paths, failed } = await apply(chosen);
  for (const { path, why } of failed) terminal.note(visible(`${path} stays as it is: ${why}`));
  terminal.note(`Restored ${paths.length} of ${chosen.length} files; what they were before is a checkpoint too.`);
  return failed.length === 0 ? exitCodes.completed : exitCodes.failed;
}
