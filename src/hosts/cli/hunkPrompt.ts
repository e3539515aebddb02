import type { CheckMark } from '../../workflow/checks/mark.ts';
import { splitLines } from '../../workflow/edits/lines.ts';
import { isMove } from '../../workflow/edits/pending.ts';
import type { ReviewState } from '../../workflow/edits/reviewState.ts';
import type { Hunk } from '../../workflow/schemas.ts';
import { hunkLines, rows, type Sign } from './hunkText.ts';
import type { Terminal } from './terminal.ts';
import { oneLine } from './visible.ts';

/** One key a hunk can be answered with. */
export type HunkKey = 'y' | 'n' | 'e' | 'a' | 'd' | 'f' | 's' | 'q' | 'p' | 'c';

const meanings: Record<HunkKey, string> = {
  y: 'accept this hunk',
  n: 'reject this hunk',
  e: 'edit this hunk, then decide it',
  a: 'accept this and all later hunks of the file',
  d: 'reject this and all later hunks of the file',
  f: 'ask the agent for a change of this hunk',
  s: 'skip this hunk and leave it undecided',
  q: 'quit and leave the rest undecided',
  p: 'take what is proposed in place of what the file has',
  c: 'keep what the file has',
};

const ofHunk: readonly HunkKey[] = ['y', 'n', 'e', 'a', 'd', 'f', 's', 'q'];
const ofMove: readonly HunkKey[] = ['y', 'n', 'a', 'd', 's', 'q'];
const ofConflict: readonly HunkKey[] = ['p', 'c', 'd', 's', 'q'];

/** Shows a pending hunk and asks what becomes of it; 'q' at the end of input, or when the run has ended. */
export async function askHunk(
  terminal: Terminal,
  state: ReviewState,
  hunk: Hunk,
  dangerous: boolean,
  mark: CheckMark | null,
  ended: AbortSignal,
): Promise<HunkKey> {
  const conflict = state.conflicts.some(({ hunkId }) => hunkId === hunk.id);
  const keys = conflict ? ofConflict : isMove(state, hunk.id) ? ofMove : ofHunk;
  terminal.note(`\n${head(terminal, state, hunk, dangerous, mark)}`);
  if (conflict) terminal.note('The file has changed on these lines since they were proposed.');
  terminal.note(rows(hunkLines(state, hunk), terminal.columns, (sign, row) => painted(terminal, sign, row)));
  for (;;) {
    const question = conflict ? 'Which lines' : verbs[state.action];
    const place = state.hunks.length > 1 ? `(${state.hunks.indexOf(hunk) + 1}/${state.hunks.length}) ` : '';
    const prompt = terminal.style(['bold', 'blue'], `${place}${question} [${keys.join(',')},?]? `);
    const answer = (await terminal.ask(prompt, ended))?.trim().toLowerCase();
    if (answer === undefined) return 'q';
    const key = keys.find((one) => one === answer);
    if (key) return key;
    terminal.note(keys.map((one) => `${one} - ${meanings[one]}`).join('\n'));
  }
}

/** The lines of a hunk, to be edited. */
export function proposedLines({ text }: ReviewState, { newRange: { start, count } }: Hunk): string {
  return splitLines(text)
    .slice(start, start + count)
    .join('');
}

/** The right side with other lines in the hunk's place. An editor that ends the last line does not change that. */
export function withLines({ text }: ReviewState, { newRange: { start, count } }: Hunk, edited: string): string {
  const lines = splitLines(text);
  const before = lines.slice(start, start + count).join('');
  const isLast = start + count >= lines.length;
  const own = isLast && before !== '' && !before.endsWith('\n') ? edited.replace(/\r?\n$/, '') : edited;
  return [...lines.slice(0, start), own, ...lines.slice(start + count)].join('');
}

const verbs: Record<ReviewState['action'], string> = {
  create: 'Accept this new file',
  modify: 'Accept this hunk',
  delete: 'Delete this file',
  rename: 'Accept this',
};

function head(terminal: Terminal, state: ReviewState, hunk: Hunk, dangerous: boolean, mark: CheckMark | null): string {
  const serves = hunk.requirementIds.join(', ') || 'serves no requirement';
  const lines = [
    terminal.style('bold', oneLine(`${state.taskId} · ${state.action} ${state.path}`)),
    oneLine(`${serves} · ${hunk.why || state.rationale}`),
    ...(hunk.feedback ? [oneLine(`changed because you said: ${hunk.feedback}`)] : []),
    ...(mark
      ? checkLines(mark).map((line) => terminal.style(mark.state === 'fails' ? 'red' : 'dim', oneLine(line)))
      : []),
    ...(dangerous ? [terminal.style('yellow', 'This file can run code or steer tools when it changes.')] : []),
  ];
  return lines.join('\n');
}

/** What the checks said of the task's edits. */
function checkLines({ state, newFailures, mendings, vacuous }: CheckMark): string[] {
  const mended = mendings === 0 ? '' : mendings === 1 ? ', mended once' : `, mended ${mendings} times`;
  const words: Readonly<Record<CheckMark['state'], string | undefined>> = {
    running: 'its checks run',
    passes: `✓ its checks pass${mended}`,
    fails: `✗ fails with it and did not before${mended}: ${newFailures.join(', ')}`,
    'failed before': `– checks fail that failed before as well${mended}`,
    unknown: '? its checks could not tell',
    skipped: undefined,
  };
  const first = words[state];
  return [
    ...(first === undefined ? [] : [first]),
    ...vacuous.map((path) => `✗ ${path} passes without the implementation`),
  ];
}

function painted(terminal: Terminal, sign: Sign, row: string): string {
  switch (sign) {
    case '+':
      return terminal.style('green', row);
    case '-':
      return terminal.style('red', row);
    case ' ':
      return row;
    default:
      return terminal.style('cyan', row);
  }
}
