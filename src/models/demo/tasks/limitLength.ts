import type { ImplementationAnswer } from '../answers.ts';
import { act, answer, call, edit, type Recording } from '../recording.ts';

const result: ImplementationAnswer = {
  summary:
    'slug() takes { maxLength } and keeps the whole words that fit; join() no longer hands the index of map to slug().',
  documentation: 'A maximum length keeps whole words: `slug("A long winding road", { maxLength: 10 })` is `a-long`.',
  tests: [
    'keeps whole words within the maximum length',
    'cuts the first word when it alone is longer',
    'refuses a maximum length that makes no sense',
  ],
  evidence: [
    {
      doneWhen: 'slug("A long winding road", { maxLength: 10 }) is a-long.',
      how: 'Asserted in "keeps whole words within the maximum length".',
    },
    {
      doneWhen: 'A maximum length of 0, -1 or 2.5 throws a RangeError.',
      how: 'Asserted in "refuses a maximum length that makes no sense", with NaN beside them.',
    },
  ],
};

/** T2: limit the length of a slug. */
export const limitLength: Recording = [
  act(
    'I read both files as T1 leaves them.',
    call('read_file', { path: 'src/slug.ts' }),
    call('read_file', { path: 'test/slug.test.ts' }),
  ),
  act(
    'The signature and the limit first, then the caller that would trip over a second parameter.',
    edit({
      path: 'src/slug.ts',
      oldText: '/**\n * The slug of a title',
      newText: `/** What a caller can ask of a slug. */
export interface SlugOptions {
  /** The most characters it may have. Words are left out whole; only a first word that is longer by itself is cut. */
  readonly maxLength?: number | undefined;
}

/**
 * The slug of a title`,
      requirements: ['R2'],
      why: 'An options object, since a bare number would be taken from the index of map.',
    }),
    edit({
      path: 'src/slug.ts',
      oldText: ` * Whatever is not an ASCII letter or digit separates words, an apostrophe excepted.
 */
export function slug(text: string): string {
  return words(text).join(SEPARATOR);
}
`,
      newText: ` * Whatever is not an ASCII letter or digit separates words, an apostrophe excepted.
 * @throws RangeError when the maximum length is not a positive whole number
 */
export function slug(text: string, options: SlugOptions = {}): string {
  const { maxLength } = options;
  return maxLength === undefined ? words(text).join(SEPARATOR) : fit(words(text), maxLength);
}

/** As many of the words, joined, as the maximum length has room for. */
function fit(words: readonly string[], maxLength: number): string {
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new RangeError(\`A maximum length is a positive whole number, not \${maxLength}.\`);
  }
  let fitting = '';
  for (const word of words) {
    const longer = fitting === '' ? word : fitting + SEPARATOR + word;
    if (longer.length > maxLength) return fitting === '' ? word.slice(0, maxLength) : fitting;
    fitting = longer;
  }
  return fitting;
}
`,
      requirements: ['R2', 'R5'],
      why: 'Keeps whole words within the limit, cuts only a first word that is too long by itself, and refuses a limit that makes no sense.',
    }),
    edit({
      path: 'src/slug.ts',
      oldText: '    .map(slug)\n',
      newText: '    .map((part) => slug(part))\n',
      requirements: ['R2'],
      why: 'map would hand its index to the new second parameter.',
    }),
  ),
  act(
    'The tests for it.',
    edit({
      path: 'test/slug.test.ts',
      oldText: "  assert.equal(slug(''), '');\n});\n",
      newText: `  assert.equal(slug(''), '');
});

test('keeps whole words within the maximum length', () => {
  assert.equal(slug('A long winding road', { maxLength: 10 }), 'a-long');
  assert.equal(slug('A long winding road', { maxLength: 6 }), 'a-long');
  assert.equal(slug('A long winding road', { maxLength: 5 }), 'a');
  assert.equal(slug('A long winding road', { maxLength: 100 }), 'a-long-winding-road');
});

test('cuts the first word when it alone is longer', () => {
  assert.equal(slug('Donaudampfschifffahrt is fun', { maxLength: 5 }), 'donau');
});

test('refuses a maximum length that makes no sense', () => {
  for (const maxLength of [0, -1, 2.5, Number.NaN]) {
    assert.throws(() => slug('Hello', { maxLength }), RangeError);
  }
});
`,
      requirements: ['R2', 'R5'],
      why: 'Pins the limit at, below and above a word’s end, the long first word, and the refusals.',
    }),
  ),
  answer(result),
];
