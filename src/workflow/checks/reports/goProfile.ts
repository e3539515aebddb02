import { FileLines, type RawCoverage, unreadable } from './raw.ts';

/** A block of more lines than this is none. */
const MAX_BLOCK = 100_000;

/** Go's profile: 'mode: set', then 'PACKAGE/FILE:LINE.COLUMN,LINE.COLUMN STATEMENTS HITS' for each block. */
export function readGoProfile(text: string): RawCoverage {
  const [mode = '', ...blocks] = text.split(/\r?\n/);
  if (!/^mode: (set|count|atomic)$/.test(mode)) return unreadable('The report is not a Go profile: it has no mode.');
  const lines = new FileLines();
  for (const block of blocks) {
    const found = /^(.+):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/.exec(block);
    if (!found) continue;
    const [, path = '', first, last, hits] = found;
    const end = Math.min(Number(last), Number(first) + MAX_BLOCK);
    for (let line = Number(first); line <= end; line++) lines.add(path, line, Number(hits));
  }
  return { files: lines.files };
}
