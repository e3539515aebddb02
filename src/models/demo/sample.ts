import type { Input } from '../../workflow/schemas.ts';

/**
 * The request that the demo model knows how to answer, word for word that of
 * samples/slugs/.planwright/request.json.
 */
export const sampleInput: Input = {
  request: 'Make slugs safe for real-world titles',
  requirements: [
    'Accented letters, and Latin letters that do not decompose, fold to ASCII: é becomes e, ß becomes ss, ø becomes o.',
    'A slug can be given a maximum length. It never cuts a word in half, unless the first word alone is longer than that.',
    'A registry in src/registry.ts hands out unique slugs: hello, then hello-2.',
    'The registry never hands out reserved words, such as admin or new.',
  ],
  constraints: [
    'slug(text) with one argument keeps its result for every ASCII title, and the library stays without dependencies.',
  ],
};

/** A file of the sample that every copy of it has: how the demo model knows that it is in the sample. */
export const sampleFile = 'src/slug.ts';

/** A file that the sample has only once the change was made. */
export const changedSampleFile = 'src/registry.ts';
