import { splitLines } from '../../workflow/edits/lines.ts';
import { isMove } from '../../workflow/edits/pending.ts';
import type { ReviewState } from '../../workflow/edits/reviewState.ts';
import type { Hunk } from '../../workflow/schemas.ts';
import { columnsOf, visible } from './visible.ts';

/** What stands in the first column: removed, added, unchanged, or a word of our own about the lines. */
export type Sign = '-' | '+' | ' ' | '@' | '\\';

export interface ShownLine {
  readonly sign: Sign;
  readonly text: string;
}

const CONTEXT = 3;

/** A pending hunk as a unified diff shows it; where it is in conflict, what the file has and what is proposed. */
export function hunkLines(state: ReviewState, hunk: Hunk): ShownLine[] {
  if (isMove(state, hunk.id)) return [{ sign: '@', text: `move ${state.from} to ${state.path}` }];
  const conflict = state.conflicts.find(({ hunkId }) => hunkId === hunk.id);
  const base = splitLines(state.base.text);
  const { start, count } = hunk.baseRange;
  const removed = conflict ? splitLines(conflict.current) : base.slice(start, start + count);
  const added = conflict
    ? splitLines(conflict.proposed)
    : splitLines(state.text).slice(hunk.newRange.start, hunk.newRange.start + hunk.newRange.count);
  if (state.action === 'create' && removed.length + added.length === 0)
    return [{ sign: '@', text: 'an empty new file' }];
  const crlf = state.base.text.includes('\r\n') || (state.base.text === '' && state.text.includes('\r\n'));
  const shown = (sign: Sign, lines: readonly string[]) => lines.flatMap((line) => shownLine(sign, line, crlf));
  return [
    { sign: '@', text: `line ${start + 1}` },
    ...shown(' ', base.slice(Math.max(0, start - CONTEXT), start)),
    ...(conflict ? [{ sign: '@' as const, text: 'the file has now' }] : []),
    ...shown('-', removed),
    ...(conflict ? [{ sign: '@' as const, text: 'proposed' }] : []),
    ...shown('+', added),
    ...shown(' ', base.slice(start + count, start + count + CONTEXT)),
  ];
}

/**
 * The lines as they go to a terminal. Each row begins with its sign, also where a long line goes on, so that
 * nothing in a file can look like a question of ours.
 */
export function rows(lines: readonly ShownLine[], columns: number, paint: (sign: Sign, row: string) => string): string {
  return lines
    .flatMap(({ sign, text }) => wrapped(visible(text), columns - 2).map((part) => paint(sign, sign + part)))
    .join('\n');
}

/** The end of the line is shown where it differs from what the file has elsewhere. */
function shownLine(sign: Sign, line: string, crlf: boolean): ShownLine[] {
  const usual = crlf ? '\r\n' : '\n';
  if (line.endsWith(usual)) return [{ sign, text: line.slice(0, -usual.length) }];
  if (line.endsWith('\n')) return [{ sign, text: line.slice(0, -1) }];
  return [
    { sign, text: line },
    { sign: '\\', text: ' No newline at the end of the file' },
  ];
}

function wrapped(text: string, columns: number): string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of text) {
    const width = columnsOf(character);
    if (used + width > columns && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += width;
  }
  return [...parts, part];
}
