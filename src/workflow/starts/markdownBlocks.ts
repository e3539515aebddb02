/** The parts of a Markdown text that a request is made of; everything that is neither heading nor list is text. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly source: string }
  | { readonly kind: 'list'; readonly items: readonly ListItem[]; readonly source: string }
  | { readonly kind: 'text'; readonly source: string };

export interface ListItem {
  /** With its further lines and nested items, on one line. */
  readonly text: string;
  /** Of a task list: whether it is ticked; null for an item without a box. */
  readonly ticked: boolean | null;
}

const heading = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const item = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)/;
const box = /^\[([ xX])\][ \t]+/;
/** A line that is nothing but bold, or ends in a colon, heads what follows in many an issue. */
const boldLine = /^ {0,3}(?:\*\*|__)([^*_]{1,80}?):?(?:\*\*|__):?[ \t]*$/;

/**
 * Reads by a few rules rather than by the whole of CommonMark: `#` and underlined headings, a line in bold as a heading
 * of level 6, lists with nested items and boxes, fences whose inside is left alone. Comments of HTML are dropped, which
 * issue templates are full of.
 */
export function markdownBlocks(markdown: string): Block[] {
  const lines = withoutComments(markdown.replace(/\r\n?/g, '\n')).split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, next } = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): { block?: Block; next: number } {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { next: at + 1 };
  const atx = heading.exec(line);
  if (atx) return { block: headed(atx[1]?.length ?? 1, atx[2] ?? '', line), next: at + 1 };
  if (fence.test(line)) return spanning(lines, at, fenceEnd(lines, at));
  const bold = boldLine.exec(line);
  if (bold) return { block: headed(6, bold[1] ?? '', line), next: at + 1 };
  if (item.test(line)) return listAt(lines, at);
  const below = underline.exec(lines[at + 1] ?? '');
  if (below) return { block: headed(below[1]?.startsWith('=') ? 1 : 2, line, line), next: at + 2 };
  let end = at + 1;
  while (end < lines.length && !startsBlock(lines[end] ?? '') && !underline.test(lines[end + 1] ?? '')) end++;
  return spanning(lines, at, end);
}

function startsBlock(line: string): boolean {
  return line.trim() === '' || heading.test(line) || fence.test(line) || item.test(line) || boldLine.test(line);
}

function headed(level: number, text: string, source: string): Block {
  return { kind: 'heading', level, text: text.trim(), source: source.trim() };
}

function spanning(lines: readonly string[], at: number, end: number): { block: Block; next: number } {
  return { block: { kind: 'text', source: lines.slice(at, end).join('\n').trimEnd() }, next: end };
}

/** The line after the fence that opens at `at`; one that nothing closes reaches to the end. */
function fenceEnd(lines: readonly string[], at: number): number {
  const mark = fence.exec(lines[at] ?? '')?.[1] ?? '```';
  for (let end = at + 1; end < lines.length; end++) {
    const other = fence.exec(lines[end] ?? '')?.[1];
    if (other?.startsWith(mark) && lines[end]?.trim() === other) return end + 1;
  }
  return lines.length;
}

/** A list goes on through blank lines as long as items, or lines indented under one, follow. */
function listAt(lines: readonly string[], at: number): { block: Block; next: number } {
  const outer = indentOf(lines[at] ?? '');
  const items: { text: string[]; ticked: boolean | null }[] = [];
  let end = at;
  for (let n = at; n < lines.length; n++) {
    const line = lines[n] ?? '';
    const marker = item.exec(line);
    const blankBefore = (lines[n - 1] ?? '').trim() === '' && n > at;
    if (line.trim() === '') continue;
    if (!marker && (blankBefore ? indentOf(line) <= outer : startsBlock(line))) break;
    const text = marker ? line.slice(marker[0].length) : line.trim();
    // One that is barely indented is of the same list: people are not exact about a single space.
    if (marker && indentOf(line) <= outer + 1) {
      const ticked = box.exec(text);
      items.push({ text: [text.replace(box, '')], ticked: ticked ? ticked[1] !== ' ' : null });
    } else items.at(-1)?.text.push(marker ? `; ${text.replace(box, '')}` : ` ${text}`);
    end = n + 1;
  }
  const read = items.map(({ text, ticked }) => ({ text: oneLine(text), ticked }));
  return { block: { kind: 'list', items: read, source: lines.slice(at, end).join('\n') }, next: end };
}

/** Nested items follow a colon, then stand between semicolons. */
function oneLine([first = '', ...more]: readonly string[]): string {
  const joined = more.reduce((text, part) => text.trimEnd() + part, first);
  const nested = joined.indexOf('; ');
  const only = more.some((part) => part.startsWith('; ')) && nested > 0 && !first.includes('; ');
  const colon = only && !/[:;,.]$/.test(joined.slice(0, nested)) ? ':' : '';
  return (only ? `${joined.slice(0, nested)}${colon}${joined.slice(nested + 1)}` : joined).replace(/\s+/g, ' ').trim();
}

function indentOf(line: string): number {
  return (/^[ \t]*/.exec(line)?.[0] ?? '').replaceAll('\t', '    ').length;
}

/** An open comment reaches to the end. What stands in a fence is no comment. */
function withoutComments(text: string): string {
  if (!text.includes('<!--')) return text;
  let kept = '';
  let inFence: string | undefined;
  let inComment = false;
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1];
    if (!inComment && mark) inFence = inFence === undefined ? mark : mark.startsWith(inFence) ? undefined : inFence;
    if (inFence !== undefined) {
      kept += `${line}\n`;
      continue;
    }
    let rest = line;
    let out = '';
    while (rest !== '') {
      const cut = rest.indexOf(inComment ? '-->' : '<!--');
      if (!inComment) out += cut < 0 ? rest : rest.slice(0, cut);
      rest = cut < 0 ? '' : rest.slice(cut + (inComment ? 3 : 4));
      if (cut >= 0) inComment = !inComment;
    }
    kept += `${out}\n`;
  }
  return kept;
}
