/**
 * Text of developers, models and tools inside a Markdown document: it reads as it was written, and no character of it
 * is markup. Only code between backticks, and in longer texts lists and fenced code, stay what they are.
 */

/** On one line, as part of a paragraph, a list item or a heading. */
export function inline(text: string, codeSpan = code): string {
  const parts = oneLine(text).split('`');
  return parts
    .map((part, index) => {
      const isCode = index % 2 === 1 && index < parts.length - 1 && part.trim() !== '';
      if (isCode) return codeSpan(part);
      // A backtick without its other, or with nothing between, is a backtick.
      const opens = index % 2 === 1 ? '\\`' : '';
      const closes = index % 2 === 1 && index < parts.length - 1 ? '\\`' : '';
      return opens + escaped(part, index === 0) + closes;
    })
    .join('');
}

/** As {@link inline}, in a cell of a table: there a bar ends the cell, in code too. */
export function cell(text: string): string {
  return inline(text, codeCell);
}

/** Literally, as a code span. */
export function code(text: string): string {
  const line = oneLine(text);
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? ' ' : '';
  return line === '' ? '' : fence + pad + line + pad + fence;
}

/** As {@link code}, in a cell of a table. */
export function codeCell(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

/** Literally, as a block. */
export function block(text: string): string {
  const safe = visible(text.replaceAll('\r\n', '\n')).trimEnd();
  const fence = '`'.repeat(Math.max(3, longestRun(safe) + 1));
  return `${fence}text\n${safe}\n${fence}`;
}

/** A text of several lines: its paragraphs, lists and fenced code; a heading in it becomes a line of its own. */
export function prose(text: string): string {
  const lines: string[] = [];
  let fenced: string[] | null = null;
  for (const line of text.trim().split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) {
      if (fenced) lines.push('', block(fenced.join('\n')), '');
      fenced = fenced ? null : [];
    } else if (fenced) fenced.push(line);
    else if (line.trim() === '') lines.push('');
    else if (/^#{1,6}\s+[^\s`]/.test(line))
      lines.push('', `**${inline(line.replace(/^#+\s+/, '').replaceAll('`', ''))}**`, '');
    else if (/^\s*[-*]\s+\S/.test(line)) lines.push(`- ${inline(line.replace(/^\s*[-*]\s+/, ''))}`);
    else lines.push(inline(line));
  }
  if (fenced) lines.push('', block(fenced.join('\n')));
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** @param atStart it may be the first of its line, where some characters begin a block */
function escaped(text: string, atStart = false): string {
  const safe = text
    .replace(/[\\*[\]<>|~$]/g, '\\$&')
    // Inside a word an underscore is one.
    .replace(/(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, (run) => '\\_'.repeat(run.length))
    .replace(/&(?=#?\w+;)/g, '\\&');
  return atStart ? safe.replace(/^(\d+)([.)])/, '$1\\$2').replace(/^(?:[#+=-]|:(?=-))/, '\\$&') : safe;
}

function oneLine(text: string): string {
  return visible(text.replace(/\s+/g, ' ').trim());
}

/** What would hide, or turn the direction of, what stands beside it. */
function visible(text: string): string {
  return text.replace(unsafe, '\uFFFD');
}

const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
