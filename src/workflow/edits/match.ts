import { PlanwrightError } from '../errors.ts';
import type { LineRange } from '../schemas.ts';
import { differences } from './differences.ts';
import { linesIn } from './hunks.ts';
import { dominantEol, type Eol, splitLines, withEol } from './lines.ts';

export interface AppliedEdit {
  readonly text: string;
  /** The lines written, in the new text. */
  readonly newRange: LineRange;
  /** Old lines in whose place they are, also those replaced in part. */
  readonly removed: number;
  readonly how: 'exact' | 'whitespace';
}

const MAX_CANDIDATES = 3;
const MAX_NAMED = 20;
/** Characters of a near line that are shown: enough to find it, also in a minified file. */
const MAX_SHOWN = 300;
/** Share of common character pairs from which on it is worth saying what differs. */
const MUCH_ALIKE = 0.6;

/**
 * Replaces `oldText`, which must be in the text exactly once, with `newText`. Line ends are the file's own.
 * When only white space differs and one place fits, that place is taken and keeps its indentation.
 * @throws PlanwrightError EDIT_MISS; its message says where the nearest lines are, for another try
 */
export function applyEdit(text: string, oldText: string, newText: string): AppliedEdit {
  if (oldText === '') throw miss('oldText is empty. Quote the lines to replace; for a new file use write_file.');
  const from = [oldText, withEol(oldText, '\n'), withEol(oldText, '\r\n')].find(
    (wanted) => occurrences(text, wanted).length > 0,
  );
  const places = from === undefined ? [] : occurrences(text, from);
  const only = places[0];
  if (from !== undefined && only !== undefined && places.length === 1) {
    const to = withEol(newText, eolOf(text.slice(only, only + from.length), text));
    return replaced(text, only, from, to, 'exact');
  }
  if (places.length > 1) {
    const lines = named(places.slice(0, MAX_NAMED + 1).map((place) => lineOf(text, place)));
    throw miss(
      `oldText is in the file ${places.length} times, at lines ${lines}. Quote more lines around it, so that it is unique.`,
    );
  }
  const loose = looseMatches(text, oldText);
  const match = loose[0];
  if (match !== undefined && loose.length === 1) return reindented(text, match, oldText, newText);
  if (loose.length > 1) {
    throw miss(
      `oldText is not in the file as written; but for white space it is at lines ${named(loose.map((line) => line + 1))}. Quote one of them exactly.`,
    );
  }
  throw miss(
    `oldText is not in the file. Nearest are:\n${nearest(text, oldText)}\nQuote the lines exactly as they are.`,
  );
}

/** The line end of what is replaced, where it has one: in a file of mixed line ends it may not be the usual one. */
function eolOf(replaced: string, text: string): Eol {
  return dominantEol(replaced.includes('\n') ? replaced : text);
}

function named(lines: readonly number[]): string {
  return `${lines.slice(0, MAX_NAMED).join(', ')}${lines.length > MAX_NAMED ? ' and more' : ''}`;
}

function replaced(text: string, at: number, from: string, to: string, how: AppliedEdit['how']): AppliedEdit {
  const next = text.slice(0, at) + to + text.slice(at + from.length);
  const end = at + from.length;
  const start = lineOf(text, at) - 1;
  const joins = end < text.length && isLineStart(text, end) && !isLineStart(next, at + to.length);
  const removed = lineOf(text, end - 1) - start + (joins ? 1 : 0);
  const count = removed + splitLines(next).length - splitLines(text).length;
  return { text: next, newRange: { start, count }, removed, how };
}

function isLineStart(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === '\n';
}

/** The first lines (from 0) of every place that equals `wanted` line by line once white space is folded. */
function looseMatches(text: string, wanted: string): number[] {
  const lines = splitLines(text).map(fold);
  const want = trimmedBlock(wanted).map(fold);
  if (want.length === 0 || want.every((line) => line === '')) return [];
  const found: number[] = [];
  for (let start = 0; start + want.length <= lines.length; start++) {
    if (want.every((line, offset) => lines[start + offset] === line)) found.push(start);
  }
  return found;
}

/** Replaces whole lines and gives the new ones the indentation the file has there. */
function reindented(text: string, start: number, from: string, to: string): AppliedEdit {
  const lines = splitLines(text);
  const old = trimmedBlock(from);
  const theirs = indentOf(lines[start] ?? '');
  const mine = indentOf(old[0] ?? '');
  const eol = eolOf(linesIn(lines, { start, count: old.length }).join(''), text);
  const endsLine = (lines[start + old.length - 1] ?? '').endsWith('\n');
  const written = trimmedBlock(withEol(to, eol)).map((line) =>
    line.trim() === '' ? line : theirs + (line.startsWith(mine) ? line.slice(mine.length) : line.trimStart()),
  );
  const last = written.pop();
  if (last !== undefined) written.push(endsLine && !last.endsWith('\n') ? last + eol : last);
  const next = [...lines.slice(0, start), ...written, ...lines.slice(start + old.length)].join('');
  return { text: next, newRange: { start, count: written.length }, removed: old.length, how: 'whitespace' };
}

/** Where `wanted` is, but for places that would cut a character or a \r\n in two. */
function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (!isInside(text, at) && !isInside(text, at + wanted.length)) found.push(at);
  }
  return found;
}

/** Is a place between the halves of a surrogate pair or of a \r\n? */
function isInside(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if (before === 0x0d) return after === 0x0a;
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/** From 1. */
function lineOf(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
  return line;
}

/** The lines without blank ones at either end. */
function trimmedBlock(text: string): string[] {
  const lines = splitLines(text);
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

function nearest(text: string, wanted: string): string {
  const quoted = (trimmedBlock(wanted)[0] ?? '').trimEnd();
  const target = pairsOf(fold(quoted));
  return splitLines(text)
    .map((line, index) => ({ line: line.trimEnd(), number: index + 1, likeness: likeness(fold(line), target) }))
    .sort((a, b) => b.likeness - a.likeness || a.number - b.number)
    .slice(0, MAX_CANDIDATES)
    .sort((a, b) => a.number - b.number)
    .map(({ line, number, likeness: alike }) => {
      const cut = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
      const told = alike >= MUCH_ALIKE ? differences(quoted, line) : '';
      return told === '' ? `${number}\t${cut}` : `${number}\t${cut}\n\t(${told})`;
    })
    .join('\n');
}

/** How often each pair of neighbouring characters is in a line, and how many pairs there are. */
interface Pairs {
  readonly counts: ReadonlyMap<string, number>;
  readonly total: number;
}

function pairsOf(line: string): Pairs {
  const counts = new Map<string, number>();
  const total = Math.max(0, line.length - 1);
  for (let at = 0; at < total; at++) {
    const pair = line.slice(at, at + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return { counts, total };
}

/** Share of common character pairs, 0 to 1 (the Sørensen–Dice coefficient). */
function likeness(line: string, target: Pairs): number {
  const pairs = Math.max(0, line.length - 1);
  // A line so much longer or shorter cannot be near, and need not be read.
  if (pairs + target.total === 0 || Math.min(pairs, target.total) * 10 < Math.max(pairs, target.total)) return 0;
  const seen = new Map<string, number>();
  let shared = 0;
  for (let at = 0; at < pairs; at++) {
    const pair = line.slice(at, at + 2);
    const wanted = target.counts.get(pair);
    if (wanted === undefined) continue;
    const count = (seen.get(pair) ?? 0) + 1;
    seen.set(pair, count);
    if (count <= wanted) shared++;
  }
  return (2 * shared) / (pairs + target.total);
}

function fold(line: string): string {
  return line.replace(/\s+/g, ' ').trim();
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function miss(message: string): PlanwrightError {
  return new PlanwrightError('EDIT_MISS', message);
}
