export type Eol = '\n' | '\r\n';

/** The lines of a text, each with its line end (\n or \r\n); joined they are the text. A last line may have none. */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/(?<=\n)/);
  return lines;
}

/** The line end most lines have; \n for a text without any. */
export function dominantEol(text: string): Eol {
  const crlf = text.match(/\r\n/g)?.length ?? 0;
  const all = text.match(/\n/g)?.length ?? 0;
  return crlf > all - crlf ? '\r\n' : '\n';
}

/** The text with every line end made `eol`. */
export function withEol(text: string, eol: Eol): string {
  return text.replace(/\r?\n/g, eol);
}
