/** What stands between the words of a slug. */
const SEPARATOR = '-';

/** Apostrophes leave no trace: "don't" becomes "dont". */
const APOSTROPHES = /['’]/g;

/**
 * The slug of a title: its words in lower case, joined by hyphens.
 * Whatever is not an ASCII letter or digit separates words, an apostrophe excepted.
 */
export function slug(text: string): string {
  return words(text).join(SEPARATOR);
}

/** The slugs of several parts as one path: `join('Blog', 'My cat')` is `blog/my-cat`. Empty parts are left out. */
export function join(...parts: string[]): string {
  return parts
    .map(slug)
    .filter((part) => part !== '')
    .join('/');
}

/** The words of a text, in order. */
function words(text: string): string[] {
  return plain(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The text in lower case, without apostrophes. */
function plain(text: string): string {
  return text.toLowerCase().replace(APOSTROPHES, '');
}
