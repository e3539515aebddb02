import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawHunk } from '../../../src/workflow/edits/hunks.ts';
import type { LineRange } from '../../../src/workflow/schemas.ts';
import { linesOf } from './oracle.ts';

/** Longer than any row of one character in a source text, so that a text's own `=======` is no marker. */
const MARKER = 47;

export interface Merge {
  /** With the developer's side of each conflict. */
  readonly text: string;
  readonly conflicts: readonly { readonly onto: string; readonly proposed: string }[];
}

export function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A file, and what two made of it. */
export interface Sides {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Merges 0.theirs, 1.theirs … in the folder $1, $2 of them. Above 127 is a failure, below it the number of conflicts. */
const mergeEach = `!f() {
  cd "$1" && n=0 && while [ "$n" -lt "$2" ]; do
    git merge-file --quiet --diff3 --marker-size=${MARKER} "$n.theirs" "$n.base" "$n.mine"
    [ $? -le 127 ] || exit 255
    n=$((n + 1))
  done
}; f`;

/** What `git merge-file` makes of each. All are started by one shell: for Node a start is more work than the merge is. */
export async function gitMerges(folder: string, all: readonly Sides[]): Promise<Merge[]> {
  for (const [n, { base, mine, theirs }] of all.entries())
    for (const [side, text] of Object.entries({ base, mine, theirs }))
      writeFileSync(join(folder, `${n}.${side}`), text);
  await git(['-c', `alias.merge-each=${mergeEach}`, 'merge-each', folder, String(all.length)]);
  return all.map((_sides, n) => parsed(readFileSync(join(folder, `${n}.theirs`), 'utf8')));
}

/** The hunks that `git merge-file` works with, for texts of different bytes. */
export async function gitHunks(folder: string, base: string, text: string): Promise<RawHunk[]> {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  writeFileSync(from, base);
  writeFileSync(to, text);
  // With a line of context: without any, git diff leaves out the files' common end first, which a merge does not.
  const flags = ['--no-index', '--no-indent-heuristic', '--diff-algorithm=myers', '-a', '-U1'];
  return hunksIn(await git(['diff', ...flags, from, to]));
}

/** The runs of changed lines in a unified diff of one file. */
function hunksIn(diff: string): RawHunk[] {
  const hunks: RawHunk[] = [];
  let [baseLine, newLine] = [0, 0];
  let open: { baseRange: LineRange; newRange: LineRange } | undefined;
  const body = diff.slice(Math.max(0, diff.search(/^@@ /m)));
  for (const line of linesOf(body)) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (head) {
      // A range without lines is named by the line before it.
      baseLine = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      newLine = Number(head[3]) - (head[4] === '0' ? 0 : 1);
      open = undefined;
    } else if (line.startsWith(' ')) {
      baseLine += 1;
      newLine += 1;
      open = undefined;
    } else if (/^[-+]/.test(line)) {
      if (!open) {
        open = { baseRange: { start: baseLine, count: 0 }, newRange: { start: newLine, count: 0 } };
        hunks.push(open);
      }
      const removed = line.startsWith('-');
      (removed ? open.baseRange : open.newRange).count += 1;
      if (removed) baseLine += 1;
      else newLine += 1;
    }
  }
  return hunks;
}

/** Both commands answer with a code above 0 when there is something to tell: a failure is above 128. */
function git(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('git', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }, (error, out) => {
      if (error && !(Number(error.code) <= 128)) reject(error);
      else resolve(out);
    });
  });
}

function parsed(out: string): Merge {
  const conflicts: { onto: string; proposed: string }[] = [];
  const sides = ['|', '=', '>'];
  let text = '';
  let open: string[] | undefined;
  for (const line of linesOf(out)) {
    if (line.startsWith('<'.repeat(MARKER))) open = [''];
    else if (!open) text += line;
    else if (line.startsWith(sides[open.length - 1]?.repeat(MARKER) ?? '>')) {
      if (open.length === 3) {
        const [onto = '', , proposed = ''] = open;
        conflicts.push({ onto, proposed });
        text += onto;
        open = undefined;
      } else open.push('');
    } else open[open.length - 1] += line;
  }
  return { text, conflicts };
}
