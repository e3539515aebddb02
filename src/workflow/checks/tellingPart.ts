/** Lines that mostly say what went wrong. */
const telling =
  /\b(?:error|fail(?:ed|ure|ing)?|panic(?:ked)?|exception|assert\w*|traceback|expected|actual|undefined|cannot|not found)\b|✖|✗|●|^not ok|^E {3}|^\s*at |^\S+:\d+(?::\d+)?[: ]/i;
/** Lines that are shown with one of those, before and after it. */
const BEFORE = 1;
const AFTER = 6;
/** A longer line is cut. */
const MAX_LINE = 500;

/**
 * Of a check's output what tells most of its failure: around the names of failing tests, around what reads like an
 * error, and the end. What is left out is marked by a line with '…'.
 * @param limit characters
 */
export function tellingPart(output: string, failures: readonly string[], limit: number): string {
  const text = output.trimEnd();
  if (text.length <= limit) return text;
  const lines = text.split('\n').map((line) => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line));
  const chosen = new Set<number>();
  let left = limit;
  const take = (index: number): boolean => {
    const line = lines[index];
    if (line === undefined || chosen.has(index)) return true;
    // Two more for the mark of a gap.
    if (line.length + 3 > left) return false;
    left -= line.length + 3;
    chosen.add(index);
    return true;
  };
  const takeAround = (index: number): boolean => {
    for (let at = index - BEFORE; at <= index + AFTER; at++) if (at >= 0 && !take(at)) return false;
    return true;
  };

  // The end first, a quarter of it all: runners put their summary there.
  for (let index = lines.length - 1; index >= 0 && left > limit * 0.75 && take(index); index--);
  const names = failures.map((name) => name.split(/: | > |::/).at(-1) ?? name).filter((name) => name.length > 2);
  const isNamed = (line: string) => names.some((name) => line.includes(name));
  for (const matches of [isNamed, (line: string) => telling.test(line)]) {
    for (const [index, line] of lines.entries()) if (matches(line) && !takeAround(index)) break;
  }

  const order = [...chosen].sort((a, b) => a - b);
  return order
    .flatMap((index, position) => {
      const gap = position === 0 ? index > 0 : index > (order[position - 1] ?? 0) + 1;
      return gap ? ['…', lines[index]] : [lines[index]];
    })
    .join('\n');
}
