import { diffChars } from 'diff';

/** Lines longer than this are not compared character by character. */
const MAX_COMPARED = 400;
const MAX_TOLD = 4;

/**
 * Which characters of a line are other than what was quoted, for somebody who has to quote it again:
 * “foo” is “bar” in the file. Empty when nothing useful can be said.
 */
export function differences(quoted: string, actual: string): string {
  if (quoted.length > MAX_COMPARED || actual.length > MAX_COMPARED) return '';
  const told: string[] = [];
  const parts = diffChars(quoted, actual);
  for (let at = 0; at < parts.length; at++) {
    const part = parts[at];
    const next = parts[at + 1];
    if (part?.removed) {
      told.push(
        next?.added ? `“${shown(part.value)}” is “${shown(next.value)}”` : `“${shown(part.value)}” is not there`,
      );
      if (next?.added) at += 1;
    } else if (part?.added) {
      told.push(`“${shown(part.value)}” is there as well`);
    }
  }
  return told.length > MAX_TOLD ? '' : told.join(', ');
}

/** White space that would not be seen, in words. */
function shown(text: string): string {
  return text.replaceAll('\t', '→tab').replaceAll('\u00a0', '→no-break space');
}
