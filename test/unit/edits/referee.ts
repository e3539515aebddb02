import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawHunk } from '../../../src/workflow/edits/hunks.ts';
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
  const out = await git([
    'diff',
    '--no-index',
    '--no-indent-heuristic',
    '--diff-algorithm=myers',
    '-a',
    '-U0',
    from,
    to,
  ]);
  const range = (start: string | undefined, count = '1') => {
    // A range without lines is named by the line before it.
    const lines = Number(count);
    return { start: Number(start) - (lines === 0 ? 0 : 1), count: lines };
  };
  return [...out.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map(
    ([, baseStart, baseCount, newStart, newCount]) => ({
      baseRange: range(baseStart, baseCount),
      newRange: range(newStart, newCount),
    }),
  );
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
