import { chmod, lstat, readFile, realpath, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asPlanwrightError, PlanwrightError } from '../../../workflow/errors.ts';
import { checkedPath } from '../../../workflow/guards.ts';
import { placeCopy, placeLink } from '../atomicWrite.ts';
import type { NodeWorkspace } from '../nodeWorkspace.ts';
import type { CheckedOut, Difference, Entry } from './checkpointTree.ts';

/** What a restore does to one file, link or executable bit. */
export interface RestoreStep {
  readonly path: string;
  readonly action: 'create' | 'modify' | 'delete';
  /** As the checkpoint has it; null when it is removed. */
  readonly then: Entry | null;
  /** As it is; null when it comes back. */
  readonly now: Entry | null;
}

/** Something that differs and stays as it is. */
export interface Left {
  readonly path: string;
  readonly why: string;
}

export interface Restored {
  readonly paths: readonly string[];
  readonly failed: readonly Left[];
}

/** What would have to change for the working tree to be as it was, and what no restore changes. */
export function restoreSteps(found: readonly Difference[]): {
  readonly steps: readonly RestoreStep[];
  readonly left: readonly Left[];
} {
  const steps: RestoreStep[] = [];
  const left: Left[] = [];
  for (const { path, name, from: then, to: now } of found) {
    const why = reasonToLeave(path, then, now);
    if (path === null || why !== null) left.push({ path: name, why: why ?? '' });
    else steps.push({ path, action: then === null ? 'delete' : now === null ? 'create' : 'modify', then, now });
  }
  return { steps, left };
}

/** Does only the executable bit differ? */
export function isModeOnly({ then, now }: RestoreStep): boolean {
  return isFile(then) && isFile(now) && then.object === now.object;
}

/**
 * Brings files back as they were, byte for byte. Text goes through the workspace, so that an editor can undo it, see
 * {@link canUndo}. What cannot be brought back stays, and does not keep the others from it.
 */
export async function restore(
  workspace: NodeWorkspace,
  checkedOut: CheckedOut,
  steps: readonly RestoreStep[],
): Promise<Restored> {
  const paths: string[] = [];
  const failed: Left[] = [];
  const asEdits = canUndo(steps);
  // A folder may have to make room for a file.
  const removals = steps.filter(({ action }) => action === 'delete');
  for (const step of [...removals, ...steps.filter((one) => !removals.includes(one))]) {
    try {
      if (step.then === null) await remove(workspace, step);
      else await bringBack(workspace, await checkedOut.fileOf(step.path), step, step.then, asEdits);
      paths.push(step.path);
    } catch (error) {
      failed.push({ path: step.path, why: asPlanwrightError(error).message });
    }
  }
  return { paths: steps.map(({ path }) => path).filter((path) => paths.includes(path)), failed };
}

function reasonToLeave(path: string | null, then: Entry | null, now: Entry | null): string | null {
  if (path === null) return 'its name is not UTF-8';
  if (then?.kind === 'submodule' || now?.kind === 'submodule') {
    return then === null ? 'it is a submodule' : `it is a submodule; it was at ${then.object.slice(0, 10)}`;
  }
  try {
    return checkedPath(path) === path ? null : 'its name has a backslash';
  } catch (error) {
    return asPlanwrightError(error).message;
  }
}

async function remove(workspace: NodeWorkspace, { path, now }: RestoreStep): Promise<void> {
  const file = await entryOn(workspace, path);
  const text = isFile(now) ? await textNow(workspace, path) : null;
  if (text) await workspace.apply({ action: 'delete', path, expectedHash: text.hash });
  else await rm(file, { force: true });
  const root = await realpath(workspace.root);
  for (let folder = dirname(file); folder !== root; folder = dirname(folder)) {
    const isGone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isGone) break;
  }
}

/** @param source the file as it was, in a folder apart */
async function bringBack(
  workspace: NodeWorkspace,
  source: string,
  step: RestoreStep,
  then: Entry,
  asEdits: boolean,
): Promise<void> {
  const { path, now } = step;
  const file = await entryOn(workspace, path);
  const found = await lstat(file).catch(() => null);
  if (now === null && found !== null) {
    throw new PlanwrightError('DRIFT', `${path} is there already, and no checkpoint keeps it. Nothing was written.`, {
      hint: 'Move it away, then restore again.',
    });
  }
  if (then.kind === 'link' && (await lstat(source)).isSymbolicLink()) return placeLink(source, file);
  if (found?.isFile() && (found.mode & 0o222) === 0) {
    throw new PlanwrightError('READ_ONLY', `${path} is read-only. Nothing was written.`);
  }
  if (!isModeOnly(step)) {
    if (asEdits && (now === null || isFile(now))) await writeText(workspace, source, path);
    else if (isFile(now)) await textNow(workspace, path); // Unsaved changes are respected all the same.
    // What is not text, has another encoding, or is written anew when it is saved.
    if (!(await isSame(source, file))) await placeCopy(source, file);
  }
  const isRun = then.kind === 'executable';
  const { mode } = await lstat(file);
  if (process.platform !== 'win32' && then.kind !== now?.kind && ((mode & 0o100) !== 0) !== isRun) {
    await chmod(file, isRun ? mode | ((mode & 0o444) >> 2) : mode & ~0o111);
  }
}

/** As an edit, where both are text. */
async function writeText(workspace: NodeWorkspace, source: string, path: string): Promise<void> {
  const now = await textNow(workspace, path);
  const text = await asText(async () => workspace.decode(path, await smallFile(source)));
  if (text === null) return;
  if (now === null) {
    if (!(await workspace.exists(path))) await workspace.apply({ action: 'create', path, text });
  } else if (now.text !== text) await workspace.apply({ action: 'modify', path, text, expectedHash: now.hash });
}

/** The file as text; null when it is none. @throws PlanwrightError DRIFT when an editor holds unsaved changes of it */
async function textNow(workspace: NodeWorkspace, path: string) {
  const now = await asText(() => workspace.read(path));
  if (!now?.dirty) return now;
  throw new PlanwrightError('DRIFT', `${path} has unsaved changes. Save or revert them, then restore again.`);
}

/** Null for what is not text. */
async function asText<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (['BINARY', 'ENCODING', 'TOO_LARGE'].includes(asPlanwrightError(error).code)) return null;
    throw error;
  }
}

/** With more files than these an editor would open each for an undo that nobody goes through. */
export const MOST_EDITS = 200;

/** Can an editor undo this restore, as far as it is of text? Otherwise it is written past the editor. */
export function canUndo(steps: readonly RestoreStep[]): boolean {
  return steps.length <= MOST_EDITS;
}

const MAX_TEXT = 4 * 1024 * 1024;

async function smallFile(file: string): Promise<Buffer> {
  const { size } = await lstat(file);
  if (size > MAX_TEXT) throw new PlanwrightError('TOO_LARGE', `It has ${size} bytes.`);
  return readFile(file);
}

async function isSame(source: string, file: string): Promise<boolean> {
  const [one, other] = [await lstat(source), await lstat(file).catch(() => null)];
  if (!other?.isFile() || one.size !== other.size || one.size > MAX_TEXT) return false;
  return (await readFile(source)).equals(await readFile(file));
}

/**
 * The absolute path of an entry; Git follows no link on the way to one, and neither does this.
 * @throws PlanwrightError OUTSIDE_WORKSPACE | DENIED_PATH
 */
async function entryOn(workspace: NodeWorkspace, path: string): Promise<string> {
  const parts = checkedPath(path).split('/');
  const root = await realpath(workspace.root);
  for (let depth = 1; depth < parts.length; depth++) {
    const info = await lstat(join(root, ...parts.slice(0, depth))).catch(() => null);
    if (info === null) break;
    if (info.isDirectory()) continue;
    const on = parts.slice(0, depth).join('/');
    throw new PlanwrightError('OUTSIDE_WORKSPACE', `${path} cannot be written: ${on} is not a folder now.`);
  }
  return join(root, ...parts);
}

function isFile(entry: Entry | null): entry is Entry {
  return entry?.kind === 'file' || entry?.kind === 'executable';
}
