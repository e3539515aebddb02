/** A piece of a file that a request is about. */
export interface CodePlace {
  /** As the workspace knows it, a mere name outside it; null for text in no file. */
  readonly path: string | null;
  /** First and last line, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
  /** As the editor names languages; marks the fence. */
  readonly language?: string;
}

/** The most of a selection that goes into a request, in characters; the rest can be read in the file. */
const MAX_CODE = 12_000;

/** “src/slug.ts, lines 3 to 9”, for people and agents alike. */
export function placeName({ path, firstLine, lastLine }: Omit<CodePlace, 'text'>): string {
  const lines = firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine} to ${lastLine}`;
  return path === null ? `${lines} of an unsaved file` : `${path}, ${lines}`;
}

/** The request as a developer typed it, followed by the code it is about. */
export function requestAbout(request: string, place: CodePlace): string {
  return `${request.trim()}\n\nThis is about ${placeName(place)}:\n\n${fenced(place)}`;
}

function fenced({ text, language = '' }: CodePlace): string {
  const kept = text.length > MAX_CODE ? text.slice(0, text.lastIndexOf('\n', MAX_CODE) + 1 || MAX_CODE) : text;
  const left = text.slice(kept.length).split('\n').length;
  const longest = (kept.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  const more = kept.length < text.length ? `\n… ${left} more lines in the file.` : '';
  return `${fence}${language}\n${kept.replace(/\s+$/, '')}\n${fence}${more}`;
}
