/** Old slugs and what they are called now. */
export type Redirects = Readonly<Record<string, string>>;

/**
 * Where a slug leads today, following redirects of redirects; the slug itself when it was never renamed.
 * @throws Error when the redirects lead back to where they came from
 */
export function resolve(redirects: Redirects, slug: string): string {
  const seen = [slug];
  let current = slug;
  while (Object.hasOwn(redirects, current)) {
    current = redirects[current] as string;
    if (seen.includes(current)) throw new Error(`Redirects in a loop: ${[...seen, current].join(' → ')}`);
    seen.push(current);
  }
  return current;
}

/** The redirects with one more rename in them; renaming back to an old slug removes its redirect. */
export function rename(redirects: Redirects, from: string, to: string): Redirects {
  const { [to]: _revived, ...others } = redirects;
  return from === to ? others : { ...others, [from]: to };
}
