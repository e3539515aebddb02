import { type FailureReader, lineReader } from './reader.ts';

/** pytest's short summary: 'FAILED FILE::NAME - MESSAGE', where a parameter may hold ' - ' as well. */
export function pytestFailures(): FailureReader {
  let inSummary = false;
  return lineReader((text) => {
    if (/^=+ short test summary info =+$/.test(text)) inSummary = true;
    else if (/^=+ .* =+$/.test(text)) inSummary = false;
    if (!inSummary) return undefined;
    return /^(?:FAILED|ERROR) (.+?(?:\[.*?\])?)(?: - .*)?$/.exec(text)?.[1];
  });
}

/** unittest: 'FAIL: NAME (MODULE.CLASS.NAME)' between two rules. */
export function unittestFailures(): FailureReader {
  let afterRule = false;
  return lineReader((text) => {
    const found = afterRule ? /^(?:FAIL|ERROR): (.+)$/.exec(text)?.[1] : undefined;
    afterRule = /^={70}$/.test(text);
    return found;
  });
}
