/** A comment that marks work to do. */
export interface TodoComment {
  readonly keyword: string;
  /** What it says on its own line, without the comment's marks. */
  readonly text: string;
}

/** Beyond it a line is data, not a comment that somebody wrote. */
const MAX_LINE = 500;
/** The most lines that a comment is followed through. */
const MAX_LINES = 20;

const keyword = /(?<![\w/.])(TODO|FIXME)\b(?:\([^)\n]*\))?[ \t]*[:\-–—]?[ \t]*/;
const commentMark = /\/\/|\/\*|^\s*\*|#|--|;|%|<!--|'''|"""/;

/** The TODO or FIXME comment in a line of code; undefined when there is none. Cheap: it runs as the cursor moves. */
export function todoIn(line: string): TodoComment | undefined {
  if (line.length > MAX_LINE) return undefined;
  const found = keyword.exec(line);
  if (!found || !commentMark.test(line.slice(0, found.index))) return undefined;
  return { keyword: found[1] ?? '', text: said(line.slice(found.index + found[0].length)) };
}

/**
 * The whole comment that begins in line `at`, from 0: what the lines after it say as long as they go on with the
 * comment and mark no other work.
 */
export function wholeTodo(lines: readonly string[], at: number): (TodoComment & { lastLine: number }) | undefined {
  const first = lines[at] ?? '';
  const found = todoIn(first);
  if (!found) return undefined;
  const texts = [found.text];
  let end = at;
  // A comment behind code has no further lines; one that was closed neither.
  const own = /^\s*(?:(\/\/+|#+|--|;+|%+)|\/\*+|\*|<!--|'''|""")/.exec(first);
  const mark = own?.[1];
  const closed = /\*\/|-->/.test(first);
  while (own && !closed && end - at < MAX_LINES) {
    const next = lines[end + 1];
    if (next === undefined || todoIn(next)) break;
    const continued = mark === undefined ? /^\s*\*?(?!\/)(.*)$/.exec(next)?.[1] : afterMark(next, mark);
    if (continued === undefined || said(continued) === '') break;
    texts.push(said(continued));
    end++;
    if (/\*\/|-->|'''|"""/.test(next)) break;
  }
  return { keyword: found.keyword, text: texts.filter(Boolean).join(' '), lastLine: end };
}

function afterMark(line: string, mark: string): string | undefined {
  const text = line.trimStart();
  return text.startsWith(mark) ? text.slice(mark.length) : undefined;
}

/** Without what closes a comment. */
function said(text: string): string {
  return text.replace(/(\*+\/|-->|'''|""").*$/, '').trim();
}
