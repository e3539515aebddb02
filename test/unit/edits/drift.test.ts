import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { describe, it } from 'node:test';
import { diffHunks, type RawHunk } from '../../../src/workflow/edits/hunks.ts';
import { mergeLines, rebase } from '../../../src/workflow/edits/rebase.ts';
import { acceptAll, createProposal, rebaseOnto } from '../../../src/workflow/edits/review.ts';
import type { LineRange } from '../../../src/workflow/schemas.ts';
import { edited } from './developer.ts';
import { checkState, linesOf } from './oracle.ts';
import { gitHunks, gitMerges, hasGit, type Merge, type Sides } from './referee.ts';
import { Seeded } from './seeded.ts';

const TRIPLES = Number(process.env.PLANWRIGHT_DRIFT_TRIPLES ?? 900);
const AT_ONCE = 300;
const root = join(import.meta.dirname, '../../..');
/** What package-lock.json pins, so that a run has the same cases until a package is another. */
const packages = ['zod', 'fast-check', 'preact', 'diff', 'ai', 'mocha'].map((name) => `node_modules/${name}`);

/** A file, a proposal for it, and what the developer made of the same file meanwhile. */
interface Triple extends Sides {
  readonly name: string;
}

/**
 * Where a merge differs from Git's, one side at least was lined up with the base in another way: among repeated
 * lines (braces, empty lines, a block written twice) there is often more than one way to see what changed, and all
 * are right. Git gives up the search for the fewest changes earlier, so it may see more of them. Then
 * - a conflict begins or ends at another of the repeated lines (`another conflict`);
 * - changes that touch in one view do not in the other, so that only one of the merges has a conflict
 *   (`conflict only here`, `conflict only in Git`);
 * - both sides wrote copies of the same lines, and those of one come before or after those of the other
 *   (`another text`): no line is missing, but the bytes are not Git's.
 * That there is no other reason is shown by merging again with the hunks that Git sees: the result must be Git's.
 * Adjacent changes without a line between them are a conflict for both.
 */
type Outcome =
  | 'same text'
  | 'same conflicts'
  | 'another text'
  | 'another conflict'
  | 'conflict only here'
  | 'conflict only in Git';

describe('a proposal for a file that was edited meanwhile', () => {
  it('is merged as Git merges it', { skip: hasGit() ? false : 'needs git' }, async (t) => {
    const files = packages.flatMap(sources);
    const folder = mkdtempSync(join(tmpdir(), 'planwright-drift-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const outcomes = new Map<Outcome, number>();
    const odd: { triple: Triple; outcome: Outcome; git: Merge }[] = [];
    for (let first = 0; first < TRIPLES; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, TRIPLES - first);
      const triples = Array.from({ length: count }, (_none, index) => randomTriple(files, first + index));
      const gits = await gitMerges(folder, triples);
      for (const [index, triple] of triples.entries()) {
        const { base, mine, theirs } = triple;
        const ours = rebase({ base, text: mine, onto: theirs });
        checkProposal(triple, ours);
        if (ours.conflicts.length === 0)
          assert.deepEqual(lostLines(triple, ours.text), [], `${triple.name}: lost lines`);
        const git = gits[index];
        assert.ok(git);
        const outcome = compare(ours, git);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (outcome !== 'same text' && outcome !== 'same conflicts') odd.push({ triple, outcome, git });
      }
    }
    t.diagnostic(`${TRIPLES} merges of ${files.length} files: ${JSON.stringify(Object.fromEntries(outcomes))}`);

    for (const { triple, outcome, git } of odd) {
      const { name, base, mine, theirs } = triple;
      const [left, right] = [await views(folder, base, mine), await views(folder, base, theirs)];
      t.diagnostic(`${name}: ${outcome}; lines changed here and in Git: ${sizes(left)}, ${sizes(right)}`);
      const again = mergeLines(
        linesOf(base),
        { lines: linesOf(mine), hunks: left.git },
        { lines: linesOf(theirs), hunks: right.git },
      );
      assert.match(compare(again, git), /^same/, `${name}: with Git's own hunks`);
      for (const { here, git: theirHunks } of [left, right])
        assert.ok(changed(here) <= changed(theirHunks), `${name}: more changes than Git's`);
    }
    const agreed = (outcomes.get('same text') ?? 0) + (outcomes.get('same conflicts') ?? 0);
    assert.ok(agreed >= 0.97 * TRIPLES, `only ${agreed} of ${TRIPLES} merges are Git's`);
  });
});

function compare(ours: Merge, git: Merge): Outcome {
  // Git ends a conflict's last line to begin a marker, also where the file's last line has no end.
  const ended = ({ text, conflicts }: Merge) =>
    JSON.stringify([text, ...conflicts.flatMap(Object.values<string>)].map((part) => part.replace(/\r?\n$/, '')));
  if (git.conflicts.length === 0 && ours.conflicts.length === 0)
    return ours.text === git.text ? 'same text' : 'another text';
  if (git.conflicts.length === 0) return 'conflict only here';
  if (ours.conflicts.length === 0) return 'conflict only in Git';
  return ended(ours) === ended(git) ? 'same conflicts' : 'another conflict';
}

/** A proposal under review goes the same way as the plain merge. */
function checkProposal({ base, mine, theirs }: Triple, merged: Merge): void {
  if (base === mine) return;
  const proposal = { id: 'P', taskId: 'T1', path: 'a', action: 'modify', rationale: '', provenance: [] } as const;
  const state = rebaseOnto(createProposal({ ...proposal, base, text: mine, taskRequirements: [] }), theirs);
  checkState(state);
  assert.equal(state.text, merged.text);
  assert.deepEqual(
    state.conflicts.map(({ current, proposed }) => ({ onto: current, proposed })),
    merged.conflicts,
  );
  if (merged.conflicts.length === 0) assert.equal(acceptAll(state, theirs).fileText, merged.text);
}

function randomTriple(files: readonly string[], seed: number): Triple {
  const random = new Seeded(seed);
  const name = files[random.below(files.length)] ?? '';
  const onDisk = readFileSync(join(root, name), 'utf8');
  const kind = random.below(4);
  const base = kind === 0 ? onDisk.replace(/\r?\n/g, '\r\n') : kind === 1 ? onDisk.replace(/\n$/, '') : onDisk;
  // One time in six both sides have one edit in common.
  const shared = random.below(3) === 0 ? edited(base, 1, random) : base;
  const mine = edited(shared, 1 + random.below(6), random);
  const theirs = edited(random.below(2) === 0 ? shared : base, 1 + random.below(6), random);
  return { name: `${name} (${seed})`, base, mine, theirs };
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|tsx|js|mjs|cjs|md)$/.test(path))
    .map((path) => `${folder}/${path.split(sep).join('/')}`)
    .filter((path) => {
      const stat = statSync(join(root, path));
      return stat.isFile() && stat.size > 500 && stat.size < 60_000;
    })
    .sort();
}

interface Views {
  readonly here: readonly RawHunk[];
  readonly git: readonly RawHunk[];
}

async function views(folder: string, base: string, text: string): Promise<Views> {
  return { here: diffHunks(base, text), git: base === text ? [] : await gitHunks(folder, base, text) };
}

function changed(hunks: readonly RawHunk[]): number {
  return hunks.reduce((sum, { baseRange, newRange }) => sum + baseRange.count + newRange.count, 0);
}

function sizes({ here, git }: Views): string {
  return `${changed(here)}/${changed(git)}`;
}

/**
 * The lines that are in a merge less often than they can be: at worst every deletion of either side was another
 * line, and all that one side added is among what the other added.
 */
function lostLines({ base, mine, theirs }: Triple, merged: string): string[] {
  const [before, after] = [counts(linesOf(base)), counts(linesOf(merged))];
  const [left, right] = [edits(base, mine), edits(base, theirs)];
  const lines = new Set([base, mine, theirs].flatMap(linesOf));
  const of = (found: ReadonlyMap<string, number>, line: string) => found.get(line) ?? 0;
  return [...lines].filter((line) => {
    const deleted = of(left.deleted, line) + of(right.deleted, line);
    const added = Math.max(of(left.added, line), of(right.added, line));
    return of(after, line) < of(before, line) - deleted + added;
  });
}

function edits(base: string, text: string): { deleted: Map<string, number>; added: Map<string, number> } {
  const [from, to, hunks] = [linesOf(base), linesOf(text), diffHunks(base, text)];
  const within = (lines: string[], { start, count }: LineRange) => lines.slice(start, start + count);
  return {
    deleted: counts(hunks.flatMap(({ baseRange }) => within(from, baseRange))),
    added: counts(hunks.flatMap(({ newRange }) => within(to, newRange))),
  };
}

function counts(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of lines) found.set(line, (found.get(line) ?? 0) + 1);
  return found;
}
