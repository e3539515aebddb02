import ignore from 'ignore';

/** Does a path match one of the patterns, as in .gitignore, and none of those that begin with `!`? */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const [wanted, unwanted] = [ignore(), ignore()];
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) unwanted.add(pattern.slice(1));
    else wanted.add(pattern);
  }
  return (path) => ignore.isPathValid(path) && wanted.ignores(path) && !unwanted.ignores(path);
}

/** As {@link pathMatcher} for names, which may have slashes: `*` stands for any part. */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const any = (list: readonly string[]) => {
    const parts = list.map((pattern) => pattern.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')));
    return parts.length === 0 ? undefined : new RegExp(`^(?:${parts.map((p) => p.join('.*')).join('|')})$`, 'su');
  };
  const wanted = any(patterns.filter((pattern) => !pattern.startsWith('!')));
  const unwanted = any(patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)));
  return (name) => wanted?.test(name) === true && !unwanted?.test(name);
}
