import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
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

/** What `git merge-file` makes of it. `prefix` is the start of the names of files that may be written. */
export async function gitMerge(prefix: string, base: string, mine: string, theirs: string): Promise<Merge> {
  const files = Object.entries({ theirs, base, mine }).map(([side, text]) => {
    writeFileSync(`${prefix}.${side}`, text);
    return `${prefix}.${side}`;
  });
  return parsed(await git(['merge-file', '-p', '--diff3', `--marker-size=${MARKER}`, ...files]));
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
