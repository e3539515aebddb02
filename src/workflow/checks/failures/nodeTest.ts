import type { FailureReader } from './reader.ts';

/** node:test's spec reporter: at its end, 'test at FILE:LINE:COLUMN' and below it '✖ NAME (TIME)'. */
export function specFailures(): FailureReader {
  const names: string[] = [];
  let file: string | undefined;
  return {
    line(text) {
      const name = file === undefined ? undefined : /^✖ (.+?)(?: \([\d.]+ms\))?$/.exec(text)?.[1];
      // The line number stays out: it changes with every edit above the test.
      if (name !== undefined && file !== undefined) names.push(name === file ? file : `${file}: ${name}`);
      file = /^test at (.+?):\d+:\d+$/.exec(text)?.[1];
    },
    names: () => names,
  };
}

/** TAP: 'not ok 1 - NAME', four more spaces a level, a parent after its children. */
export function tapFailures(): FailureReader {
  const names: string[] = [];
  /** The names of the tests one is in, from outside, as '# Subtest:' lines give them. */
  const path: string[] = [];
  /** By level: has a test of this level failed, under the parent one is in? */
  const failed: boolean[] = [];
  let isLast = false;
  return {
    line(text) {
      const at = /^ +location: '(.+):\d+:\d+'$/.exec(text);
      if (at && isLast) {
        const last = names.pop();
        names.push(last === at[1] ? `${last}` : `${at[1]}: ${last}`);
      }
      if (at) isLast = false;
      const found = /^((?: {4})*)(?:(# Subtest: )|((?:not )?ok) \d+(?: - )?)(.*)$/.exec(text);
      if (!found) return;
      const level = (found[1] ?? '').length / 4;
      const name = (found[4] ?? '').replaceAll('\\#', '#');
      path.length = Math.min(path.length, level);
      isLast = false;
      if (found[2] !== undefined) {
        path[level] = name;
        return;
      }
      // A parent that fails with its children: they are named, not it.
      const withChildren = failed[level + 1] === true;
      failed.length = Math.min(failed.length, level + 1);
      if (found[3] !== 'not ok' || / # (TODO|SKIP)\b/i.test(name)) return;
      failed[level] = true;
      if (withChildren) return;
      names.push([...path.slice(0, level).filter((part) => part !== undefined), name].join(' > '));
      isLast = true;
    },
    names: () => names,
  };
}
