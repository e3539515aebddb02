import { type FailureReader, lineReader } from './reader.ts';

/** go test: '--- FAIL: NAME (TIME)', four more spaces a level, and after a package's tests 'FAIL<tab>PACKAGE<tab>TIME'. */
export function goFailures(): FailureReader {
  const names: string[] = [];
  let open: string[] = [];
  return {
    line(text) {
      const test = /^ *--- FAIL: (.+) \([\d.]+s\)$/.exec(text)?.[1];
      if (test !== undefined) open.push(test);
      const end = /^(?:FAIL|ok {2}|\?? {3})\t(\S+)(?:[\t ](\[.+\])|\t|$)/.exec(text);
      if (!end) return;
      const [, name = '', note] = end;
      if (text.startsWith('FAIL')) {
        // A test fails with its subtests: they are named, not it.
        const leaves = open.filter((one) => !open.some((other) => other.startsWith(`${one}/`)));
        if (leaves.length === 0) names.push(note === undefined ? name : `${name} ${note}`);
        else names.push(...leaves.map((leaf) => `${name}: ${leaf}`));
      }
      open = [];
    },
    names: () => [...names, ...open],
  };
}

/** cargo test: 'test NAME ... FAILED'; a documentation test has its line in its name. */
export function cargoFailures(): FailureReader {
  return lineReader((text) =>
    /^test (.+?)(?: - should panic)? \.\.\. FAILED$/.exec(text)?.[1]?.replace(/ \(line \d+\)$/, ''),
  );
}

/** dotnet test: '  Failed NAMESPACE.CLASS.METHOD [TIME]'. */
export function dotnetFailures(): FailureReader {
  return lineReader((text) => (text.endsWith(']') ? /^ +Failed (\S.*?) \[[^\]]*\]$/.exec(text)?.[1] : undefined));
}

/** Maven's surefire: '[ERROR] CLASS.METHOD -- Time elapsed: … <<< FAILURE!', or 'METHOD(CLASS)  Time elapsed: …'. */
export function mavenFailures(): FailureReader {
  return lineReader((text) => {
    if (!/<<< (?:FAILURE|ERROR)!$/.test(text) || /^\[ERROR\] (Tests run:|Failures:|Errors:)/.test(text))
      return undefined;
    const end = text.indexOf(' Time elapsed:');
    if (end === -1) return undefined;
    const name = text.slice(text.startsWith('[ERROR] ') ? 8 : 0, end).trim();
    return name.endsWith(' --') ? name.slice(0, -3) : name;
  });
}

/** Gradle: 'CLASS > METHOD FAILED'. */
export function gradleFailures(): FailureReader {
  // Where it ends is looked at first: a long line would be tried from each of its '>'.
  return lineReader((text) => (text.endsWith(' FAILED') ? /^(\S.* > .+) FAILED$/.exec(text)?.[1] : undefined));
}
