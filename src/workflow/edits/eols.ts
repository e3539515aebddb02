import { applyPatches, diffLineArrays, patchesOf } from './hunks.ts';
import { hasMixedEols, splitLines } from './lines.ts';

/**
 * `written`, with the line ends of `before` on the lines that are in both. An editor gives all lines of a document
 * one line end; where a file has both kinds, that must not count as a change of every other line.
 */
export function withOwnEols(written: string, before: string): string {
  if (!hasMixedEols(before) || hasMixedEols(written)) return written;
  const own = splitLines(before);
  const lines = splitLines(written);
  return applyPatches(own, patchesOf(lines, diffLineArrays(own.map(toLf), lines.map(toLf)))).lines.join('');
}

function toLf(line: string): string {
  return line.endsWith('\r\n') ? `${line.slice(0, -2)}\n` : line;
}
