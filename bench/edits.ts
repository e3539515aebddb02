import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { diffArrays } from 'diff';
import { NodeWorkspace } from '../src/hosts/node/nodeWorkspace.ts';
import { processOwner } from '../src/hosts/node/owner.ts';
import { systemClock } from '../src/hosts/node/systemClock.ts';
import { diffHunksInSlices } from '../src/workflow/edits/diffInSlices.ts';
import { applyHunks, diffHunks } from '../src/workflow/edits/hunks.ts';
import { splitLines } from '../src/workflow/edits/lines.ts';
import { ProposalBook } from '../src/workflow/edits/proposalBook.ts';
import { rebase, rebaseInSlices } from '../src/workflow/edits/rebase.ts';
import { acceptAll, acceptHunk, createProposal, editText, rebaseOnto } from '../src/workflow/edits/review.ts';
import type { ReviewState } from '../src/workflow/edits/reviewState.ts';
import { openDatabase } from '../src/workflow/engine/database.ts';
import { Store } from '../src/workflow/engine/store.ts';
import { Seeded } from '../test/unit/edits/seeded.ts';

/**
 * How long the edits take on files with scattered changes, beside `diffArrays` of the package `diff` on the same
 * lines in the same run, and the longest time that nothing else got a turn.
 */

const RUNS = 5;
/** The peer is stopped after this many milliseconds. */
const PATIENCE = 20_000;
/** Half the lines of a source text are of a few kinds. */
const COMMON = ['}\n', '\n', '  return x;\n', '{\n', '  });\n', 'else {\n'] as const;

const sizes = [
  { lines: 1_000, changes: 100 },
  { lines: 50_000, changes: 5_000 },
  { lines: 500_000, changes: 5_000 },
  { lines: 500_000, changes: 50_000 },
];

for (const { lines, changes } of sizes) {
  const random = new Seeded(lines + changes);
  const file = Array.from({ length: lines }, (_, index) => randomLine(random, index));
  const [base, text, onto] = [file, changedAt(file, changes, random), changedAt(file, changes, random)].map((each) =>
    each.join(''),
  ) as [string, string, string];
  const hunks = diffHunks(base, text);
  console.log(
    `\n${lines} lines, ${changes} changes, ${hunks.length} hunks${' '.repeat(12)}median ms   longest block ms`,
  );

  const [baseLines, textLines] = [splitLines(base), splitLines(text)];
  const peer = await measure(1, () => diffArrays(baseLines, textLines, { timeout: PATIENCE }));
  if (peer.result === undefined) console.log(row('diffArrays (peer)', `> ${PATIENCE}: stopped`, ''));
  else print('diffArrays (peer)', peer);
  print('diffHunks', await measure(RUNS, () => diffHunks(base, text)));
  print('diffHunksInSlices', await measure(RUNS, () => diffHunksInSlices(base, text)));
  print('rebase', await measure(RUNS, () => rebase({ base, text, onto })));
  print('rebaseInSlices', await measure(RUNS, () => rebaseInSlices({ base, text, onto })));
  print(
    'applyHunks, every other',
    await measure(RUNS, () =>
      applyHunks(
        base,
        text,
        hunks.filter((_, i) => i % 2 === 0),
      ),
    ),
  );

  const create = () =>
    createProposal({
      ...{ id: 'P', taskId: 'T1', path: 'a.ts', action: 'modify', rationale: '', provenance: [], taskRequirements: [] },
      base,
      text,
    });
  const state = create();
  print('createProposal', await measure(RUNS, create));
  print('acceptHunk', await measure(RUNS, () => acceptHunk(state, 'P.2', base)));
  print('acceptAll', await measure(RUNS, () => acceptAll(state, base)));
  print('editText, one line', await measure(RUNS, () => editText(state, `first\n${text}`)));
  print('rebaseOnto, one line', await measure(RUNS, () => rebaseOnto(state, `first\n${base}`)));
  print('rebaseOnto', await measure(RUNS, () => rebaseOnto(state, onto)));
  if (lines <= 50_000) await whole(state, base, onto);
}

/** Decisions as the editor makes them: journaled, written to a real file, and stored again. */
async function whole(state: ReviewState, base: string, onto: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'planwright-edits-'));
  const { db } = openDatabase(join(folder, 'x.db'));
  const store = new Store(db, systemClock);
  const files = join(folder, 'files');
  mkdirSync(files);
  writeFileSync(join(files, 'a.ts'), base);
  const book = new ProposalBook(store, new NodeWorkspace(files), processOwner());
  const run = store.createRun({ request: 'x', requirements: [] }, { model: 'x', workspace: 'x' });
  await book.propose(run, 1, state);
  let next = 1;
  print('accept, journaled', await measure(RUNS, () => book.accept(run, 1, 'P', `P.${next++ * 3}`, 'bench')));
  print('reject, journaled', await measure(RUNS, () => book.reject(run, 1, 'P', `P.${next++ * 3}`, 'bench')));
  writeFileSync(join(files, 'a.ts'), onto);
  print('refresh after a change', await measure(1, () => book.refresh(run, 1, 'P')));
  book.dispose();
  db.close();
  rmSync(folder, { recursive: true });
}

interface Measured<T> {
  readonly result: T;
  readonly median: number;
  readonly longestBlock: number;
}

async function measure<T>(runs: number, work: () => T | Promise<T>): Promise<Measured<T>> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const times: number[] = [];
  let result: T | undefined;
  await sleep(20);
  delay.enable();
  await sleep(20);
  delay.reset();
  // The first turn after a reset is not counted.
  await sleep(20);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    result = await work();
    times.push(performance.now() - start);
    await sleep(5);
  }
  delay.disable();
  const median = times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  return { result: result as T, median, longestBlock: delay.max / 1e6 };
}

function print(name: string, { median, longestBlock }: Measured<unknown>): void {
  console.log(row(name, median.toFixed(1), longestBlock.toFixed(0)));
}

function row(name: string, time: string, block: string): string {
  return `  ${name.padEnd(26)}${time.padStart(18)}${block.padStart(19)}`;
}

function randomLine(random: Seeded, index: number): string {
  return random.next() < 0.5 ? random.pick(COMMON) : `  const value${index} = ${random.below(1e6)};\n`;
}

/** The lines with `count` of them deleted, replaced or followed by another, by lines the file has many of or none. */
function changedAt(lines: readonly string[], count: number, random: Seeded): string[] {
  const places = new Set<number>();
  while (places.size < count) places.add(random.below(lines.length));
  return lines.flatMap((line, index) => {
    if (!places.has(index)) return [line];
    const kind = random.below(3);
    if (kind === 0) return [];
    const written = random.next() < 0.5 ? random.pick(COMMON) : `  written ${random.below(1e9)}\n`;
    return kind === 1 ? [written] : [line, written];
  });
}
