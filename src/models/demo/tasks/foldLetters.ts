import type { ImplementationAnswer } from '../answers.ts';
import { act, answer, call, edit, type Recording } from '../recording.ts';

/**
 * An edit that nobody asked for, as models make them: it serves no requirement, breaks the constraint and the
 * test about Tom & Jerry, and is the one that a developer should reject. No other edit needs it or touches its lines.
 */
export const overreachingEdit = edit({
  path: 'src/slug.ts',
  oldText: 'return plain(text)\n',
  newText: "return plain(text.replaceAll('&', ' and '))\n",
  requirements: [],
  why: 'An ampersand is read as "and", so the slug should say it.',
});

const result: ImplementationAnswer = {
  summary:
    'slug() folds Latin letters to ASCII before it splits words. While there, I also let an ampersand become "and".',
  documentation: 'Accented and other Latin letters fold to ASCII: `slug("Crème brûlée")` is `creme-brulee`.',
  tests: ['folds accented letters to ASCII', 'folds letters that do not decompose'],
  evidence: [
    {
      doneWhen: 'slug("Crème brûlée") is creme-brulee and slug("Straße") is strasse.',
      how: 'Both are asserted in test/slug.test.ts.',
    },
    {
      doneWhen: 'No existing test in test/slug.test.ts is changed.',
      how: 'The edit of that file only adds two tests.',
    },
  ],
};

/** T1: fold Latin letters to ASCII. */
export const foldLetters: Recording = [
  act(
    'First the two files that this task changes.',
    call('read_file', { path: 'src/slug.ts' }),
    call('read_file', { path: 'test/slug.test.ts' }),
  ),
  act(
    'Folding belongs into plain(), before the words are split.',
    edit({
      path: 'src/slug.ts',
      oldText: "const SEPARATOR = '-';\n",
      newText: `const SEPARATOR = '-';

/** What is left of an accented letter once it is decomposed. */
const MARKS = /\\p{M}/gu;

/** Latin letters that Unicode does not decompose. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  ŧ: 't',
};
`,
      requirements: ['R1'],
      why: 'Unicode does not decompose these letters, so they need a table; every other accented letter does without.',
    }),
    edit({
      path: 'src/slug.ts',
      oldText: ' * The slug of a title: its words in lower case, joined by hyphens.\n',
      newText: ` * The slug of a title: its words in lower case, joined by hyphens.
 * Accented and other Latin letters count as the ASCII letters they fold to.
`,
      requirements: ['R1'],
      why: 'Says what callers can rely on from now on.',
    }),
    edit({
      path: 'src/slug.ts',
      oldText: `/** The text in lower case, without apostrophes. */
function plain(text: string): string {
  return text.toLowerCase().replace(APOSTROPHES, '');
}
`,
      newText: `/** The text in lower case, without apostrophes, its Latin letters folded to ASCII. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .normalize('NFD')
    .replace(MARKS, '')
    .replace(/\\P{ASCII}/gu, (letter) => LETTERS[letter] ?? letter);
}
`,
      requirements: ['R1'],
      why: 'Folds é to e by dropping its mark, and ß to ss by the table, before the words are split.',
    }),
    overreachingEdit,
  ),
  act(
    'Now the tests, beside those of the same behaviour.',
    edit({
      path: 'test/slug.test.ts',
      oldText: "  assert.equal(slug('Rock ’n’ roll'), 'rock-n-roll');\n});\n",
      newText: `  assert.equal(slug('Rock ’n’ roll'), 'rock-n-roll');
});

test('folds accented letters to ASCII', () => {
  assert.equal(slug('Crème brûlée'), 'creme-brulee');
  assert.equal(slug('Ångström in İstanbul'), 'angstrom-in-istanbul');
  assert.equal(slug('Cafe\\u0301'), 'cafe');
});

test('folds letters that do not decompose', () => {
  assert.equal(slug('Straße'), 'strasse');
  assert.equal(slug('STRAẞE'), 'strasse');
  assert.equal(slug('Smørrebrød in Łódź'), 'smorrebrod-in-lodz');
  assert.equal(slug('Þingvellir, Æsir, œuvre'), 'thingvellir-aesir-oeuvre');
});
`,
      requirements: ['R1'],
      why: 'Shows both kinds of letters, composed and decomposed, in either case.',
    }),
  ),
  answer(result),
];
