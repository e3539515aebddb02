import { type FailureReader, lineReader } from './reader.ts';

/** vitest: ' FAIL  FILE > SUITE > NAME', or ' FAIL  FILE [ FILE ]' for one that does not load. */
export function vitestFailures(): FailureReader {
  return lineReader((text) => {
    const name = /^ FAIL {2}(.+)$/.exec(text)?.[1]?.trim();
    if (name === undefined) return undefined;
    const bracket = name.endsWith(' ]') ? name.indexOf(' [ ') : -1;
    if (bracket !== -1) return name.slice(0, bracket);
    return name.includes(' > ') ? name : undefined;
  });
}

/** jest: 'FAIL FILE', then '  ● SUITE › NAME' for each test, and all of that again in its summary. */
export function jestFailures(): FailureReader {
  let file: string | undefined;
  return lineReader((text) => {
    const header = /^ ?(FAIL|PASS) (\S.*?)(?: \([\d.]+ m?s\))?$/.exec(text);
    if (header) file = header[1] === 'FAIL' ? header[2] : undefined;
    const name = /^ {2}● (.+[^:])$/.exec(text)?.[1];
    return name === undefined || file === undefined || name === 'Console' ? undefined : `${file}: ${name}`;
  });
}

/** mocha: below '  N failing', '  1) SUITE' and deeper lines down to 'NAME:'. */
export function mochaFailures(): FailureReader {
  const names: string[] = [];
  let inSummary = false;
  let open: string[] | undefined;
  return {
    line(text) {
      if (/^ +\d+ failing$/.test(text)) inSummary = true;
      if (!inSummary) return;
      const first = /^ {2}\d+\) (.+)$/.exec(text)?.[1];
      if (first !== undefined) open = [first];
      else if (open && /^ {5,}\S/.test(text)) open.push(text.trim());
      else open = undefined;
      if (open?.at(-1)?.endsWith(':')) {
        names.push(open.join(' > ').slice(0, -1));
        open = undefined;
      }
    },
    names: () => names,
  };
}

/** bun: 'FILE:', then '(fail) SUITE > NAME [TIME]'. */
export function bunFailures(): FailureReader {
  let file = '';
  return lineReader((text) => {
    const header = /^(\S+\.[cm]?[jt]sx?):$/.exec(text)?.[1];
    if (header !== undefined) file = `${header}: `;
    const name = /^\(fail\) (.+?)(?: \[[\d.]+m?s\])?$/.exec(text)?.[1];
    return name === undefined ? undefined : file + name;
  });
}
