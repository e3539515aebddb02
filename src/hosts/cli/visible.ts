/**
 * Text from files, models and the database, made harmless for a terminal: what would move the cursor, change
 * colours, hide text or turn its direction is shown as an escape (`\x1b`, `\u202e`). Line feeds and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\r') return '\\r';
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** As {@link visible}, on one line: the first of several, and no longer than `most` columns. */
export function oneLine(text: string, most = Number.POSITIVE_INFINITY): string {
  const line = visible(text.replaceAll('\t', ' ').trim().split(/\r?\n/, 1)[0] ?? '');
  if (columnsOf(line) <= most) return line;
  let cut = '';
  let used = 1;
  for (const character of line) {
    used += columnsOf(character);
    if (used > most) break;
    cut += character;
  }
  return `${cut}…`;
}

/**
 * C0 and C1 controls; marks that turn the direction of text; characters without a width; line and paragraph
 * separators; tags; lone surrogates.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** At most as many columns a terminal needs for it. What may be two wide counts as two, a tab as eight. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    columns += character === '\t' ? 8 : code >= 0x1100 && !isNarrow(code) ? 2 : 1;
  }
  return columns;
}

/** Punctuation, arrows and box drawing: common in messages, and never wide. */
function isNarrow(code: number): boolean {
  return code >= 0x2010 && code <= 0x25ff && code !== 0x231a && code !== 0x231b && !(code >= 0x23e9 && code <= 0x23f3);
}
