export type FoundObject =
  | { readonly object: Record<string, unknown> }
  /** Why there is none, in words that a model can act upon. */
  | { readonly problem: string };

/**
 * The JSON object that a text contains: the whole text, what a code fence holds, or the outermost balanced
 * `{…}` among other words; of several the longest, since an answer is longer than an example of it. A part of
 * an object that is broken or cut off is never taken for the whole.
 */
export function jsonObjectIn(text: string): FoundObject {
  if (text.trim() === '') return { problem: 'there was no answer' };
  let best: { readonly object: Record<string, unknown>; readonly length: number } | undefined;
  let problem = 'the answer contains no JSON object';
  for (let start = text.indexOf('{'); start >= 0; ) {
    const end = endOfObject(text, start);
    const candidate = text.slice(start, end);
    const read = end === undefined ? 'the JSON object is not closed: the answer breaks off' : parse(candidate);
    if (typeof read !== 'string') {
      if (candidate.length > (best?.length ?? 0)) best = { object: read, length: candidate.length };
    } else if (looksLikeJson(candidate)) {
      problem = read;
    }
    // Braces around words ("{like this}") hide nothing; inside an object, broken or not, there is no answer.
    start = text.indexOf('{', typeof read !== 'string' || looksLikeJson(candidate) ? (end ?? text.length) : start + 1);
  }
  return best ? { object: best.object } : { problem };
}

/** The object, or what is wrong with it: in words of our own, since the engine's change with its version and a replay must not. */
function parse(text: string): Record<string, unknown> | string {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return 'the object is not valid JSON: look for comments, trailing commas, and quotes or line ends that are not escaped';
  }
}

function looksLikeJson(text: string): boolean {
  return /^\{\s*"/.test(text);
}

/** The offset behind the brace that closes the one at `start`; undefined when nothing does. */
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
