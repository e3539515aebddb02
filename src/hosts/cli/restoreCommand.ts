import { PlanwrightError } from '../../workflow/errors.ts';
import { type RunView, replay } from '../../workflow/runState.ts';
import { isModeOnly, type RestoreStep } from '../node/git/restore.ts';
import type { PlannedRestore } from '../node/git/runCheckpoints.ts';
import { type Engine, openExisting, openFor } from './engine.ts';
import { exitCodes } from './exitCodes.ts';
import { checkpointOf, type Flags } from './options.ts';
import type { Terminal } from './terminal.ts';
import { oneLine, visible } from './visible.ts';

/** What is shown of a patch before the question; `--dry-run` shows all of it. */
const MOST_LINES = 500;

/** Lists the checkpoints of a run, the newest by default. */
export async function checkpoints(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const engine = id === '' ? openExisting(flags, process.env, terminal) : openFor(id, flags, process.env, terminal);
  try {
    const runId = id || engine?.store.listRuns()[0]?.id;
    if (!engine || runId === undefined) {
      throw new PlanwrightError('NOT_FOUND', 'No run was made in this workspace yet.');
    }
    return list(engine, runId, flags, terminal);
  } finally {
    await engine?.close();
  }
}

/** Brings files back as they were at a checkpoint; without `--checkpoint` lists what there is. */
export async function restore(id: string, flags: Flags, terminal: Terminal): Promise<number> {
  const wanted = checkpointOf(flags);
  const engine = openFor(id, flags, process.env, terminal);
  try {
    if (wanted === undefined) return list(engine, id, flags, terminal);
    const then = checkpointsOf(engine, id).find((checkpoint) => checkpoint.id === wanted);
    if (!then) {
      throw new PlanwrightError('NOT_FOUND', `Run ${id} has no checkpoint ${wanted}.`, {
        hint: `See “planwright checkpoints ${id}”.`,
      });
    }
    const plan = await engine.checkpoints.planRestore(id, then);
    try {
      return await bringBack(plan, then.id, flags, terminal);
    } finally {
      await plan.drop();
    }
  } finally {
    await engine.close();
  }
}

function list(engine: Engine, runId: string, { json }: Flags, terminal: Terminal): number {
  const found = checkpointsOf(engine, runId);
  if (found.length === 0) terminal.note('This run has no checkpoint.');
  for (const { id, at, ref, commit, reason } of found) {
    const when = new Date(at).toISOString();
    terminal.print(
      json
        ? JSON.stringify({ id, at: when, ref, commit, reason })
        : oneLine(`${id}  ${when}  ${commit.slice(0, 10)}  ${reason}`),
    );
  }
  return exitCodes.completed;
}

function checkpointsOf(engine: Engine, runId: string): RunView['checkpoints'] {
  engine.require(runId);
  return replay(engine.store.events(runId, 0))?.checkpoints ?? [];
}

async function bringBack(
  plan: PlannedRestore,
  checkpoint: number,
  { file, yes, 'dry-run': dryRun }: Flags,
  terminal: Terminal,
): Promise<number> {
  const { steps, left } = plan;
  for (const { path, why } of left) terminal.note(oneLine(`${path} differs and stays as it is: ${why}.`));
  const unknown = file?.filter((path) => !steps.some((step) => step.path === path)) ?? [];
  for (const path of unknown) terminal.note(oneLine(`${path} is as it was at checkpoint ${checkpoint}.`));
  const chosen = steps.filter(({ path }) => file === undefined || file.includes(path));
  if (chosen.length === 0) {
    terminal.note('There is nothing to restore.');
    return exitCodes.completed;
  }
  for (const step of chosen) terminal.print(oneLine(stepText(step)));
  if (yes !== true) await show(await plan.patch(chosen), dryRun === true, terminal);
  if (dryRun) return exitCodes.completed;
  if (yes !== true && !(await isAgreed(chosen, terminal))) {
    terminal.note(`Nothing was changed.${terminal.interactive ? '' : ' With --yes it would be.'}`);
    return terminal.interactive ? exitCodes.completed : exitCodes.waiting;
  }
  const { paths, failed } = await plan.apply(chosen);
  for (const { path, why } of failed) terminal.note(visible(`${path} stays as it is: ${why}`));
  terminal.note(`Restored ${paths.length} of ${chosen.length} files; what they were before is a checkpoint too.`);
  return failed.length === 0 ? exitCodes.completed : exitCodes.failed;
}

function stepText(step: RestoreStep): string {
  const { action, path, then, now } = step;
  if (isModeOnly(step)) return `mode ${path}: ${then?.kind === 'executable' ? 'executable' : 'not executable'} again`;
  const kind = then?.kind ?? now?.kind;
  return `${action} ${path}${kind === 'link' ? ' (a link)' : ''}${action === 'delete' ? ' (made since)' : ''}`;
}

async function show(patch: string, isAll: boolean, terminal: Terminal): Promise<void> {
  const lines = patch.trimEnd().split('\n');
  const shown = isAll ? lines : lines.slice(0, MOST_LINES);
  if (patch !== '') terminal.print(visible(shown.join('\n')));
  const more = lines.length - shown.length;
  if (more > 0) terminal.note(`… ${more} more lines; --dry-run shows all of them.`);
}

async function isAgreed(chosen: readonly RestoreStep[], terminal: Terminal): Promise<boolean> {
  if (!terminal.interactive) return false;
  const gone = chosen.filter(({ action }) => action === 'delete').length;
  const warning = gone === 0 ? '' : ` ${gone} of them, made since, would be removed.`;
  terminal.note(`The present state becomes a checkpoint first.${warning}`);
  const never = new AbortController().signal;
  const answer = await terminal.ask(`Restore these ${chosen.length} files [y,n,?]? `, never, { fresh: true });
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
