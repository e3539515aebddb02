import { z } from 'zod';
import { PlanwrightError } from '../errors.ts';
import { checkedPath } from '../guards.ts';
import type { FileSnapshot } from '../ports.ts';
import { fileActionSchema, lineRangeSchema } from '../schemas.ts';
import { textHash } from './hash.ts';
import { diffHunks, endOf } from './hunks.ts';
import { dominantEol, splitLines, withEol } from './lines.ts';
import { applyEdit } from './match.ts';

/** Which requirements an edit serves, and why it is there. */
export interface Provenance {
  readonly requirementIds: readonly string[];
  readonly why: string;
}

/**
 * What an agent has done to one file so far: all of it, so that the last effect of a file stands for those
 * before. Plain JSON, for the journal. `text` is null for a deleted file, `baseText` for one that was not there.
 */
export const effectSchema = z.object({
  path: z.string(),
  action: fileActionSchema,
  from: z.string().optional(),
  baseText: z.string().nullable(),
  text: z.string().nullable(),
  provenance: z.array(z.object({ range: lineRangeSchema, requirementIds: z.array(z.string()), why: z.string() })),
});
export type Effect = z.infer<typeof effectSchema>;

/**
 * An agent's view of the workspace: the files as a reader gives them, under the agent's own changes. Nothing
 * here touches a file. The changing methods answer an effect and change nothing; `applyEffect` does, so that a
 * replayed effect and a fresh one go the same way.
 */
export class Overlay {
  readonly #reader: (path: string) => Promise<FileSnapshot | null>;
  readonly #effects = new Map<string, Effect>();

  constructor(reader: (path: string) => Promise<FileSnapshot | null>) {
    this.#reader = reader;
  }

  async read(path: string): Promise<FileSnapshot | null> {
    const effect = this.#effects.get(path);
    if (effect) return effect.text === null ? null : snapshot(path, effect.text);
    return this.#isMovedAway(path) ? null : this.#reader(path);
  }

  /** The paths of `known` as they are after this overlay's changes, sorted, each once. */
  paths(known: readonly string[]): string[] {
    const paths = new Set(known);
    for (const { path, text, from } of this.#effects.values()) {
      if (text === null) paths.delete(path);
      else paths.add(path);
      if (from !== undefined) paths.delete(from);
    }
    return [...paths].sort();
  }

  /** @throws PlanwrightError EDIT_MISS | NOT_FOUND */
  edit(path: string, oldText: string, newText: string, provenance: Provenance): Promise<Effect> {
    return this.editAll(path, [{ oldText, newText }], provenance);
  }

  /** As {@link edit}, several in one file, each on what the ones before have made of it: all of them or none. */
  async editAll(
    path: string,
    edits: readonly { readonly oldText: string; readonly newText: string }[],
    provenance: Provenance,
  ): Promise<Effect> {
    const clean = checkedPath(path);
    const file = await this.#existing(clean);
    const before = await this.#effectOf(clean, file);
    let current = { text: file.text, provenance: before.provenance };
    for (const [index, { oldText, newText }] of edits.entries()) {
      const { text, newRange, removed } = located(() => applyEdit(current.text, oldText, newText), index, edits.length);
      const delta = newRange.count - removed;
      const kept = current.provenance.map((entry) =>
        entry.range.start >= newRange.start + removed
          ? { ...entry, range: { ...entry.range, start: entry.range.start + delta } }
          : entry,
      );
      current = { text, provenance: [...kept, { range: newRange, ...plainOf(provenance) }] };
    }
    return { ...before, ...current };
  }

  /** Changes a file's text by a function of it. What it throws is thrown. @throws PlanwrightError NOT_FOUND */
  async change(path: string, change: (text: string) => string, provenance: Provenance): Promise<Effect> {
    const clean = checkedPath(path);
    const file = await this.#existing(clean);
    const before = await this.#effectOf(clean, file);
    const text = change(file.text);
    const hunks = diffHunks(file.text, text);
    const movedBy = (start: number) =>
      hunks
        .filter(({ baseRange }) => endOf(baseRange) <= start)
        .reduce((sum, { baseRange, newRange }) => sum + newRange.count - baseRange.count, 0);
    const kept = before.provenance.map((entry) => ({
      ...entry,
      range: { ...entry.range, start: entry.range.start + movedBy(entry.range.start) },
    }));
    const written = hunks.map(({ newRange }) => ({ range: newRange, ...plainOf(provenance) }));
    return { ...before, text, provenance: [...kept, ...written] };
  }

  /** Writes a whole file, new or not. */
  async write(path: string, content: string, provenance: Provenance): Promise<Effect> {
    const clean = checkedPath(path);
    const file = await this.read(clean);
    const text = file ? withEol(content, dominantEol(file.text)) : content;
    const whole = { range: { start: 0, count: splitLines(text).length }, ...plainOf(provenance) };
    if (!file) {
      const gone = this.#effects.get(clean);
      if (gone) return { ...gone, action: gone.baseText === null ? 'create' : 'modify', text, provenance: [whole] };
      return { path: clean, action: 'create', baseText: null, text, provenance: [whole] };
    }
    return { ...(await this.#effectOf(clean, file)), text, provenance: [whole] };
  }

  async remove(path: string, provenance: Provenance): Promise<Effect> {
    const clean = checkedPath(path);
    const before = await this.#effectOf(clean, await this.#existing(clean));
    const gone: Effect = { ...before, action: 'delete', text: null, provenance: [wholeOf(provenance)] };
    // What was moved first is deleted where it was.
    return before.from === undefined ? gone : { ...gone, path: before.from, from: clean };
  }

  async rename(from: string, to: string, provenance: Provenance): Promise<Effect> {
    const source = checkedPath(from);
    const target = checkedPath(to);
    const file = await this.#existing(source);
    await this.#checkFree(target, source, file);
    const before = await this.#effectOf(source, file);
    const moved = { ...before, path: target, from: source, provenance: [...before.provenance, wholeOf(provenance)] };
    if (before.action === 'create') return moved;
    if (before.from === target) return { ...moved, action: 'modify' };
    return { ...moved, action: 'rename', from: before.from ?? source };
  }

  applyEffect(effect: Effect): void {
    const { from, ...here } = effect;
    if (from !== undefined) {
      this.#effects.delete(from);
      // Moved once before: where it was in between there is nothing now.
      const between = [...this.#effects.values()].find((other) => other.from === from && other.path !== effect.path);
      if (between) this.#effects.delete(between.path);
    }
    // Only of a move it matters where the file was: one this overlay made was never anywhere else.
    this.#effects.set(effect.path, effect.action === 'rename' && from !== undefined ? { ...here, from } : here);
  }

  /** All that was done so far, to come back to with {@link restore}. */
  save(): readonly Effect[] {
    return [...this.#effects.values()];
  }

  restore(saved: readonly Effect[]): void {
    this.#effects.clear();
    for (const effect of saved) this.#effects.set(effect.path, effect);
  }

  /** What differs from the files as they were read, one entry a file, in the order first changed. */
  changes(): Effect[] {
    return [...this.#effects.values()].filter(({ action, baseText, text }) => action === 'rename' || baseText !== text);
  }

  #isMovedAway(path: string): boolean {
    return [...this.#effects.values()].some(({ from }) => from === path);
  }

  /** @throws PlanwrightError EDIT_MISS when a file cannot be moved to this path */
  async #checkFree(target: string, source: string, file: FileSnapshot): Promise<void> {
    const there = await this.read(target);
    // Where case does not count, the file itself is found under the new name; the host knows for certain.
    const isItself = target !== source && target.toLowerCase() === source.toLowerCase() && there?.hash === file.hash;
    if (there && !isItself) throw new PlanwrightError('EDIT_MISS', `There is a file ${target} already.`);
    if (there || this.#effects.get(target)?.action !== 'delete') return;
    throw new PlanwrightError('EDIT_MISS', `You have deleted ${target} in this task; nothing can be moved there.`, {
      hint: `Use write_file to give ${target} its new content, and delete_file for ${source}.`,
    });
  }

  async #existing(path: string): Promise<FileSnapshot> {
    const file = await this.read(path);
    if (file) return file;
    throw new PlanwrightError('NOT_FOUND', `There is no file ${path}.`, {
      hint: 'Use list_files to see what there is, or write_file to make it.',
    });
  }

  async #effectOf(path: string, file: FileSnapshot): Promise<Effect> {
    return this.#effects.get(path) ?? { path, action: 'modify', baseText: file.text, text: file.text, provenance: [] };
  }
}

function snapshot(path: string, text: string): FileSnapshot {
  return { path, text, hash: textHash(text), readOnly: false, dirty: false };
}

/** A change of a whole file, which has no lines of its own. */
function wholeOf(provenance: Provenance): Effect['provenance'][number] {
  return { range: { start: 0, count: 0 }, ...plainOf(provenance) };
}

function plainOf({ requirementIds, why }: Provenance): { requirementIds: string[]; why: string } {
  return { requirementIds: [...requirementIds], why };
}

/** Says which of several edits was refused, and that none of them was made. */
function located<T>(edit: () => T, index: number, count: number): T {
  try {
    return edit();
  } catch (error) {
    if (count === 1 || !(error instanceof PlanwrightError)) throw error;
    const { code, message, hint } = error;
    throw new PlanwrightError(
      code,
      `Edit ${index + 1} of ${count}, so none was made: ${message}`,
      hint ? { hint } : {},
    );
  }
}
