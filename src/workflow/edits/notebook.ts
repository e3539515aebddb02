import { PlanwrightError } from '../errors.ts';
import { textHash } from './hash.ts';
import { applyPatches, diffLineArrays, patchesOf } from './hunks.ts';
import { itemsAt, membersAt, type TextRange } from './jsonRanges.ts';
import { splitLines } from './lines.ts';
import { applyEdit } from './match.ts';

/**
 * Jupyter notebooks (nbformat 4) as their JSON text. A change of a cell touches the text of that cell's source only:
 * everything else keeps its characters, whatever wrote the file.
 */

export type CellType = 'code' | 'markdown' | 'raw';

export interface Cell {
  /** From 1, in the order of the notebook. */
  readonly number: number;
  readonly type: string;
  readonly source: string;
  /** How many outputs of its last run are stored. */
  readonly outputs: number;
}

/** A cell, and where it is in the text. */
interface PlacedCell extends Cell {
  readonly range: TextRange;
  readonly sourceRange: TextRange;
  readonly id: string | undefined;
}

/** Refuses a text for a notebook that no program could open. @throws PlanwrightError EDIT_MISS */
export function checkNotebook(path: string, text: string): void {
  if (!path.toLowerCase().endsWith('.ipynb')) return;
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new PlanwrightError('EDIT_MISS', `${path} would then not be JSON any more.`, {
      hint: 'Change a notebook with edit_cell, insert_cell and delete_cell.',
      cause,
    });
  }
}

/** @throws PlanwrightError EDIT_MISS when the text is no notebook of format 4 */
export function cellsOf(text: string): Cell[] {
  return placed(text).cells.map(({ number, type, source, outputs }) => ({ number, type, source, outputs }));
}

/**
 * The notebook with `newText` in the place of `oldText`, which must be in the cell's source once; both empty fill an
 * empty cell.
 * @throws PlanwrightError EDIT_MISS
 */
export function editCell(text: string, number: number, oldText: string, newText: string): string {
  const cell = cellAt(placed(text).cells, number);
  const source = cell.source === '' && oldText === '' ? newText : applyEdit(cell.source, oldText, newText).text;
  return replaced(text, cell.sourceRange, sourceText(text, cell, source));
}

/**
 * The notebook with a new cell.
 * @param after the number of the cell it comes after; 0 puts it first
 * @throws PlanwrightError EDIT_MISS
 */
export function insertCell(text: string, after: number, type: CellType, source: string): string {
  const { cells, list, minor, parents } = placed(text);
  if (after !== 0) cellAt(cells, after);
  const { open, between, close } = layoutOf(text, list, parents);
  const hasIds = minor >= 5 || cells.some(({ id }) => id !== undefined);
  const cell = {
    cell_type: type,
    ...(type === 'code' ? { execution_count: null } : {}),
    ...(hasIds ? { id: newId(cells, after, source) } : {}),
    metadata: {},
    ...(type === 'code' ? { outputs: [] } : {}),
    source: splitLines(source),
  };
  const written = cellText(text, cell, open || between);
  const previous = cells[after - 1];
  const next = cells[after];
  if (previous) return replaced(text, { start: previous.range.end, end: previous.range.end }, between + written);
  if (next) return replaced(text, { start: next.range.start, end: next.range.start }, written + between);
  return replaced(text, list, `[${open}${written}${close}]`);
}

/** @throws PlanwrightError EDIT_MISS */
export function deleteCell(text: string, number: number): string {
  const { cells, list } = placed(text);
  const cell = cellAt(cells, number);
  const next = cells[number];
  const previous = cells[number - 2];
  if (next) return replaced(text, { start: cell.range.start, end: next.range.start }, '');
  if (previous) return replaced(text, { start: previous.range.end, end: cell.range.end }, '');
  return replaced(text, list, '[]');
}

interface Placed {
  readonly cells: readonly PlacedCell[];
  /** The array of cells. */
  readonly list: TextRange;
  readonly minor: number;
  /** The members beside it. */
  readonly parents: readonly TextRange[];
}

function placed(text: string): Placed {
  const parsed = parse(text);
  const { nbformat, nbformat_minor: minor } = (parsed ?? {}) as { nbformat?: unknown; nbformat_minor?: unknown };
  if (nbformat !== 4)
    throw miss('It is no notebook of nbformat 4. Read it with read_file and change it with edit_file.');
  const parents = membersAt(text, text.indexOf('{'));
  const list = parents.findLast(({ key }) => key === 'cells')?.value;
  if (!list || text[list.start] !== '[') throw miss('The notebook has no list of cells.');
  const cells = itemsAt(text, list.start).map((range, index) => placedCell(text, range, index + 1));
  return { cells, list, minor: typeof minor === 'number' ? minor : 0, parents };
}

function placedCell(text: string, range: TextRange, number: number): PlacedCell {
  const cell = JSON.parse(text.slice(range.start, range.end)) as Record<string, unknown> | null;
  const value = text[range.start] === '{' ? membersAt(text, range.start).findLast(({ key }) => key === 'source') : null;
  const source = cell?.source;
  const isText =
    typeof source === 'string' || (Array.isArray(source) && source.every((line) => typeof line === 'string'));
  if (!cell || !value || !isText) throw miss(`Cell ${number} of the notebook has no source.`);
  return {
    number,
    type: String(cell.cell_type),
    source: typeof source === 'string' ? source : source.join(''),
    outputs: Array.isArray(cell.outputs) ? cell.outputs.length : 0,
    id: typeof cell.id === 'string' ? cell.id : undefined,
    range,
    sourceRange: value.value,
  };
}

/** A cell's source as JSON: lines that are as before keep their characters, and all keep the layout. */
function sourceText(text: string, cell: PlacedCell, source: string): string {
  const { start } = cell.sourceRange;
  const inFile = escapeOf(text);
  if (text[start] === '"') return inFile(JSON.stringify(source));
  const items = itemsAt(text, start).map((item) => text.slice(item.start, item.end));
  const values = items.map((item) => JSON.parse(item) as string);
  const lines = splitLines(source);
  const written = lines.map((line) => inFile(JSON.stringify(line)));
  const { open, between, close } = layoutOf(text, cell.sourceRange, membersAt(text, cell.range.start));
  // The items may be cut otherwise than into lines; only those that differ from the new lines are written.
  const kept = applyPatches(items, patchesOf(written, diffLineArrays(values, lines))).lines;
  return kept.length === 0 ? '[]' : `[${open}${kept.join(between)}${close}]`;
}

interface Layout {
  /** What is between the opening bracket and the first item, between two items, and before the closing bracket. */
  readonly open: string;
  readonly between: string;
  readonly close: string;
}

/** How an array is laid out; one of fewer than two items as its siblings, the members of the object it is in, suggest. */
function layoutOf(text: string, list: TextRange, siblings: readonly TextRange[]): Layout {
  const items = itemsAt(text, list.start);
  const [first, second] = items;
  const last = items.at(-1);
  const beside = text.slice(siblings[0]?.end, siblings[1]?.start ?? siblings[0]?.end);
  const newLine = /\r?\n[ \t]*$/.exec(beside)?.[0];
  if (!first || !last) {
    const open = newLine === undefined ? '' : newLine + unitOf(text);
    return { open, between: open === '' ? beside || ', ' : `,${open}`, close: newLine ?? '' };
  }
  const open = text.slice(list.start + 1, first.start);
  const close = text.slice(last.end, list.end - 1);
  if (second) return { open, between: text.slice(first.end, second.start), close };
  if (open !== '') return { open, between: `,${open}`, close };
  return { open, between: newLine === undefined ? beside || ', ' : ', ', close };
}

/** What one level is indented by: what the first line inside the file's own braces is. */
function unitOf(text: string): string {
  return /\{\r?\n([ \t]+)/.exec(text)?.[1] ?? ' ';
}

/** @param before what stands before a cell: its white space says whether cells are on lines of their own, and where */
function cellText(text: string, cell: object, before: string): string {
  const newLine = /\r?\n[ \t]*$/.exec(before)?.[0];
  const json =
    newLine === undefined
      ? oneLine(cell, before || ', ', /":\s/.test(text) ? ': ' : ':')
      : JSON.stringify(cell, null, unitOf(text)).replaceAll('\n', newLine);
  return escapeOf(text)(json);
}

function oneLine(value: unknown, comma: string, colon: string): string {
  if (Array.isArray(value)) return `[${value.map((item) => oneLine(item, comma, colon)).join(comma)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => JSON.stringify(key) + colon + oneLine(item, comma, colon));
  return `{${members.join(comma)}}`;
}

/** Writes characters beyond ASCII as the file does: as themselves, or escaped where it escapes them all. */
function escapeOf(text: string): (json: string) => string {
  const escapes = !/[\x80-\uffff]/.test(text) && /\\u(?!00[0-7])/i.test(text);
  if (!escapes) return (json) => json;
  return (json) =>
    json.replace(/[\x7f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function newId(cells: readonly PlacedCell[], after: number, source: string): string {
  const taken = new Set(cells.map(({ id }) => id));
  for (let salt = 0; ; salt++) {
    const id = textHash(`${salt} ${after} ${cells.length} ${source}`).slice(0, 8);
    if (!taken.has(id)) return id;
  }
}

function cellAt(cells: readonly PlacedCell[], number: number): PlacedCell {
  const cell = cells[number - 1];
  if (cell) return cell;
  throw miss(
    cells.length === 0
      ? 'The notebook has no cells.'
      : `There is no cell ${number}; the cells are 1 to ${cells.length}.`,
  );
}

function replaced(text: string, { start, end }: TextRange, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw miss('The notebook is not valid JSON. Read it with read_file and write it anew with write_file.', cause);
  }
}

function miss(message: string, cause?: unknown): PlanwrightError {
  return new PlanwrightError('EDIT_MISS', message, { cause });
}
