export type Eol = '\n' | '\r\n';

/** The lines of a text, each with its line end (\n or \r\n); joined they are the text. A last line may have none. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    lines.push(text.slice(start, end + 1));
    start = end + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** The line end most lines have; \n for a text without any. */
export function dominantEol(text: string): Eol {
  const { lf, crlf } = countEnds(text);
  return crlf > lf ? '\r\n' : '\n';
}

/** Are some lines ended by \n and others by \r\n? */
export function hasMixedEols(text: string): boolean {
  const { lf, crlf } = countEnds(text);
  return lf > 0 && crlf > 0;
}

/** The text with every line end made `eol`. */
export function withEol(text: string, eol: Eol): string {
  return text.replace(/\r?\n/g, eol);
}

function countEnds(text: string): { lf: number; crlf: number } {
  let lf = 0;
  let crlf = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (at > 0 && text.charCodeAt(at - 1) === 13) crlf++;
    else lf++;
  }
  return { lf, crlf };
}
