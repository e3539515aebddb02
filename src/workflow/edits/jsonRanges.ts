/** Where the parts of a JSON text are. The text must be valid JSON: JSON.parse has said so before. */

/** Characters `start` up to, but not, `end`. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface JsonMember extends TextRange {
  readonly key: string;
  readonly value: TextRange;
}

/** The members of the object that begins at `start`; each reaches from its key's quote to its value's end. */
export function membersAt(text: string, start: number): JsonMember[] {
  const members: JsonMember[] = [];
  for (let at = skipSpace(text, start + 1); text[at] === '"'; ) {
    const keyEnd = endOfValue(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, valueStart);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    members.push({ key, value: { start: valueStart, end }, start: at, end });
    at = skipComma(text, end);
  }
  return members;
}

/** The items of the array that begins at `start`. */
export function itemsAt(text: string, start: number): TextRange[] {
  const items: TextRange[] = [];
  for (let at = skipSpace(text, start + 1); at < text.length && text[at] !== ']'; ) {
    const end = endOfValue(text, at);
    items.push({ start: at, end });
    at = skipComma(text, end);
  }
  return items;
}

/** Where the next part begins, or the bracket that closes them. */
function skipComma(text: string, end: number): number {
  const next = skipSpace(text, end);
  return text[next] === ',' ? skipSpace(text, next + 1) : next;
}

/** Without recursion, so that no depth is too deep. */
function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    const plain = /[^\s,\]}]*/y;
    plain.lastIndex = start;
    return start + (plain.exec(text)?.[0].length ?? 0);
  }
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (mark[0] === '{' || mark[0] === '[') depth++;
    else if (--depth === 0) return mark.index + 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
  return at;
}
