/**
 * The JSON object that a text contains: the whole text, what a code fence holds, or the outermost balanced
 * `{…}` among other words; of several the longest, since the answer is longer than an example of it.
 * Undefined when there is none.
 */
export function jsonObjectIn(text: string): Record<string, unknown> | undefined {
  const whole = objectOf(text.trim());
  if (whole) return whole;
  return balancedObjects(text)
    .sort((a, b) => b.length - a.length)
    .map(objectOf)
    .find((object) => object !== undefined);
}

function objectOf(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Every outermost `{…}` whose braces match, strings aside. */
function balancedObjects(text: string): string[] {
  const found: string[] = [];
  for (let start = text.indexOf('{'); start >= 0; ) {
    const end = endOfObject(text, start);
    if (end === undefined) {
      // An unmatched brace in prose hides nothing behind it.
      start = text.indexOf('{', start + 1);
      continue;
    }
    const candidate = text.slice(start, end);
    // Braces around words ("{like this}") are no object, but may contain one.
    const isObject = objectOf(candidate) !== undefined;
    if (isObject) found.push(candidate);
    start = text.indexOf('{', isObject ? end : start + 1);
  }
  return found;
}

/** The offset behind the brace that closes the one at `start`. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (quoted) {
      if (character === '\\') i += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return undefined;
}
