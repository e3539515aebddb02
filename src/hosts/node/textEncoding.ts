import type Iconv from 'iconv-lite';
import { diffHunks, endOf } from '../../workflow/edits/hunks.ts';
import { splitLines } from '../../workflow/edits/lines.ts';
import { PlanwrightError } from '../../workflow/errors.ts';

/** Bytes as text and back, by the rules VS Code reads a file with. */

/** How a text is written as bytes. */
export interface TextEncoding {
  /** As VS Code names it, but for the mark: 'utf8', 'utf16le', 'windows1252', … */
  readonly encoding: string;
  /** Do the bytes begin with a byte order mark? */
  readonly bom: boolean;
}

export interface DecodedText extends TextEncoding {
  /** Without the byte order mark. */
  readonly text: string;
  /** False when the encoding has other bytes for the same text, so that encoding it anew would change some. */
  readonly canonical: boolean;
}

export interface EncodingHints {
  /** What somebody has opened the file with; only a byte order mark overrules it. */
  readonly chosen?: string | undefined;
  /** `files.encoding`: what a file is in that has no mark and is not UTF-8. */
  readonly configured?: string | undefined;
}

const MARKS: readonly (readonly [encoding: string, bytes: Buffer])[] = [
  ['utf8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf16be', Buffer.from([0xfe, 0xff])],
  ['utf16le', Buffer.from([0xff, 0xfe])],
];

/** Bytes at the start of a file among which VS Code looks for zeros. */
const PROBED = 512;
const REPLACEMENT = '\uFFFD';
const LF = 0x0a;

/** What knows all encodings but UTF-8: half a megabyte that most workspaces never need. */
let tables: typeof Iconv | undefined;

/** Everything here can be called once this is done. */
export async function loadTables(): Promise<void> {
  tables ??= (await import('iconv-lite')).default;
}

/** {@link decodeText} and what is made of its result can be called once this is done. */
export async function loadTablesFor(
  bytes: Buffer,
  { chosen = 'utf8', configured = 'utf8' }: EncodingHints,
): Promise<void> {
  const mark = markOf(bytes)?.[0] ?? 'utf8';
  const named = [mark, chosen, configured].some((name) => !isUtf8(name));
  if (named || utf16ByZeros(bytes).length > 0) await loadTables();
}

function iconv(): typeof Iconv {
  if (!tables) throw new Error('The tables of encodings are not loaded.');
  return tables;
}

/**
 * The text of a file. Looked at in this order: a byte order mark, the encoding that was chosen, zeros as UTF-16 has
 * them, UTF-8 without any fault, the configured encoding. Plain ASCII is in the configured encoding, so that a first
 * letter beyond it is written as VS Code would write it.
 * @param path of the file, for messages
 * @throws PlanwrightError BINARY when it is no text, ENCODING when it is text in an encoding that nobody has named
 */
export function decodeText(
  bytes: Buffer,
  path: string,
  { chosen, configured = 'utf8' }: EncodingHints = {},
): DecodedText {
  const mark = markOf(bytes);
  if (mark) return faultless(mark[0], bytes.subarray(mark[1].length), true) ?? fail(bytes, path, mark[0]);
  if (chosen !== undefined) return faultless(baseOf(chosen), bytes, false) ?? fail(bytes, path, baseOf(chosen));
  for (const encoding of [...utf16ByZeros(bytes), ...byContent(bytes, baseOf(configured))]) {
    const decoded = faultless(encoding, bytes, false);
    if (decoded) return decoded;
  }
  return fail(bytes, path, baseOf(configured));
}

/**
 * The bytes of a text.
 * @throws PlanwrightError ENCODING when the encoding has no bytes for one of its characters
 */
export function encodeText(text: string, { encoding, bom }: TextEncoding, path: string): Buffer {
  const body = checkedBytes(text, encoding, path, 1);
  const mark = bom ? MARKS.find(([name]) => name === encoding)?.[1] : undefined;
  return mark ? Buffer.concat([mark, body]) : body;
}

/**
 * The bytes of a file's new text. Lines that are as before keep their bytes, also where the encoding has several for
 * one character.
 * @throws PlanwrightError ENCODING when the encoding has no bytes for one of its characters
 */
export function reencodeText(text: string, bytes: Buffer, before: DecodedText, path: string): Buffer {
  if (text === before.text) return bytes;
  if (before.canonical) return encodeText(text, before, path);
  const old = byteLinesOf(bytes);
  const lines = splitLines(text);
  const parts: Buffer[] = [];
  let next = 0;
  for (const { baseRange, newRange } of diffHunks(before.text, text)) {
    const written = lines.slice(newRange.start, endOf(newRange)).join('');
    parts.push(...old.slice(next, baseRange.start), checkedBytes(written, before.encoding, path, newRange.start + 1));
    next = endOf(baseRange);
  }
  return Buffer.concat([...parts, ...old.slice(next)]);
}

/** What VS Code gives a new file when `files.encoding` is this. */
export function encodingOfNew(configured: string): TextEncoding {
  const encoding = baseOf(configured);
  return { encoding, bom: configured === 'utf8bom' || encoding.startsWith('utf16') };
}

/** VS Code's name of an encoding, which says of UTF-8 whether there is a mark. */
export function editorName({ encoding, bom }: TextEncoding): string {
  return encoding === 'utf8' && bom ? 'utf8bom' : encoding;
}

function markOf(bytes: Buffer): (typeof MARKS)[number] | undefined {
  return MARKS.find(([, start]) => bytes.subarray(0, start.length).equals(start));
}

function isUtf8(name: string): boolean {
  return name === 'utf8' || name === 'utf8bom';
}

function baseOf(name: string): string {
  // As VS Code does with a name it does not know.
  return isUtf8(name) || !iconv().encodingExists(name) ? 'utf8' : name;
}

/** The bytes as text of this encoding; undefined when they are none. */
function faultless(encoding: string, bytes: Buffer, bom: boolean): DecodedText | undefined {
  const text = textOf(bytes, encoding);
  if (text === undefined || text.includes('\0') || !text.isWellFormed()) return undefined;
  if (encoding === 'utf8') return { text, encoding, bom, canonical: true };
  const canonical = bytesOf(text, encoding).equals(bytes);
  if (canonical) return { text, encoding, bom, canonical };
  // Half a character of UTF-16, bytes that stand for nothing, or no way to keep lines as they are.
  const isLost = encoding.startsWith('utf16') || text.includes(REPLACEMENT) || !isByLines(bytes, text, encoding);
  return isLost ? undefined : { text, encoding, bom, canonical };
}

function textOf(bytes: Buffer, encoding: string): string | undefined {
  if (encoding !== 'utf8') return iconv().decode(bytes, encoding as 'utf16le', { stripBOM: false });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function bytesOf(text: string, encoding: string): Buffer {
  return encoding === 'utf8' ? Buffer.from(text) : iconv().encode(text, encoding as 'utf16le', { addBOM: false });
}

function byContent(bytes: Buffer, configured: string): readonly string[] {
  const ascii = bytes.every((byte) => byte < 0x80);
  return ascii && !configured.startsWith('utf16') ? [configured, 'utf8'] : ['utf8', configured];
}

/** @param firstLine the number, from 1, of the text's first line in its file */
function checkedBytes(text: string, encoding: string, path: string, firstLine: number): Buffer {
  const bytes = bytesOf(text, encoding);
  if (text.isWellFormed() && textOf(bytes, encoding) === text) return bytes;
  throw unwritable(text, encoding, path, firstLine);
}

/** VS Code's guess: every other one of the first bytes is zero, and no byte between them. */
function utf16ByZeros(bytes: Buffer): readonly string[] {
  const probed = [...bytes.subarray(0, PROBED)];
  if (!probed.includes(0)) return [];
  if (probed.every((byte, index) => (byte === 0) === (index % 2 === 1))) return ['utf16le'];
  return probed.every((byte, index) => (byte === 0) === (index % 2 === 0)) ? ['utf16be'] : [];
}

/** Can the lines be told apart in the bytes? Not where a line feed is more or less than the byte of that name. */
function isByLines(bytes: Buffer, text: string, encoding: string): boolean {
  const lines = byteLinesOf(bytes);
  const expected = splitLines(text);
  return lines.length === expected.length && lines.every((line, index) => textOf(line, encoding) === expected[index]);
}

function byteLinesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LF, start) + 1 || bytes.length;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

function fail(bytes: Buffer, path: string, encoding: string): never {
  if (bytes.includes(0) && !encoding.startsWith('utf16')) {
    throw new PlanwrightError('BINARY', `${path} is not text, so it is neither read nor changed.`);
  }
  throw new PlanwrightError('ENCODING', `${path} is not ${encoding} text, so it is neither read nor changed.`, {
    hint: 'Set files.encoding to the encoding it is in, such as windows1252 or shiftjis, or open it with “Reopen with Encoding”.',
  });
}

function unwritable(text: string, encoding: string, path: string, firstLine: number): PlanwrightError {
  const lines = splitLines(text);
  const isKept = (character: string) =>
    character.isWellFormed() && textOf(bytesOf(character, encoding), encoding) === character;
  const line = lines.findIndex((each) => [...each].some((character) => !isKept(character)));
  const character = [...(lines[line] ?? '')].find((each) => !isKept(each));
  const what =
    character === undefined
      ? 'a character'
      : `“${character}” (U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}, line ${firstLine + line})`;
  return new PlanwrightError('ENCODING', `${path} is in ${encoding}, which has no ${what}. Nothing was written.`, {
    hint: 'Change the proposal to do without it, or save the file in UTF-8 first, then accept again.',
  });
}
