import type { PlanAnswer, RefinementAnswer } from './answers.ts';
import { firstPlan } from './planning.ts';
import { act, answer, call, type Recording } from './recording.ts';

/** The plan after the first refinement; what was good stays word for word. */
export const refinedPlan: PlanAnswer = {
  title: firstPlan.title,
  summary:
    'Fold Latin letters to ASCII before the words are split, let callers limit the length of a slug, and add a registry that numbers equal slugs, within the limit, and keeps clear of reserved words. What slug(text) says about ASCII titles today stays as it is.',
  impliedRequirements: firstPlan.impliedRequirements,
  architecture: {
    overview: firstPlan.architecture.overview,
    components: [
      {
        name: 'Folding',
        responsibility: 'Turns accented and other Latin letters into ASCII letters.',
        files: ['src/slug.ts'],
      },
      {
        name: 'Maximum length',
        responsibility: 'Keeps as many whole words as fit and refuses a limit that makes no sense.',
        files: ['src/slug.ts'],
      },
      {
        name: 'Registry',
        responsibility:
          'Remembers the slugs handed out, numbers the next equal one, and keeps clear of reserved words.',
        files: ['src/registry.ts', 'src/index.ts'],
      },
    ],
    decisions: [
      {
        decision:
          'Decompose with normalize("NFD"), drop the marks, and keep a small table for letters that do not decompose.',
        why: 'Unicode already knows every accented letter; only a dozen Latin letters such as ß, ø and ł need a table.',
        alternatives: ['A transliteration package, which the constraint rules out', 'A table of every accented letter'],
      },
      {
        decision: 'Take the maximum length in an options object: slug(text, { maxLength }).',
        why: 'join passes slug to map, which would hand the index over as a bare number. An object also leaves room for the next option.',
        alternatives: ['A bare number as second parameter', 'A function of its own that shortens a finished slug'],
      },
      {
        decision: 'The number of a repeated slug counts towards the maximum length.',
        why: 'A limit usually comes from a database column; hello-2 has to fit in it as hello does. The words before the number give way.',
        alternatives: ['Append the number after cutting and exceed the limit'],
      },
      {
        decision: 'A reserved word counts as handed out already, so the title Admin gets admin-2.',
        why: 'One rule covers both, and a title always gets a slug.',
        alternatives: ['Refuse a title whose slug is reserved'],
      },
    ],
  },
  tasks: [
    {
      id: 'T1',
      title: 'Fold Latin letters to ASCII',
      description:
        'In plain(), decompose the text, drop combining marks, and replace the letters that do not decompose.',
      dependsOn: [],
      requirements: ['R1'],
      files: [
        { path: 'src/slug.ts', action: 'modify' },
        { path: 'test/slug.test.ts', action: 'modify' },
      ],
      tests: ['folds accented letters to ASCII', 'folds letters that do not decompose'],
      doneWhen: [
        'slug("Crème brûlée") is creme-brulee and slug("Straße") is strasse.',
        'No existing test in test/slug.test.ts is changed.',
      ],
      size: 'S',
    },
    {
      id: 'T2',
      title: 'Limit the length of a slug',
      description:
        'Give slug() an options object with maxLength, keep whole words only, and let join() call slug(part) so that the index of map never reaches it.',
      dependsOn: ['T1'],
      requirements: ['R2', 'R5'],
      files: [
        { path: 'src/slug.ts', action: 'modify' },
        { path: 'test/slug.test.ts', action: 'modify' },
      ],
      tests: [
        'keeps whole words within the maximum length',
        'cuts the first word when it alone is longer',
        'refuses a maximum length that makes no sense',
      ],
      doneWhen: [
        'slug("A long winding road", { maxLength: 10 }) is a-long.',
        'A maximum length of 0, -1 or 2.5 throws a RangeError.',
      ],
      size: 'S',
    },
    {
      id: 'T3',
      title: 'Add a registry of unique slugs',
      description:
        'A class that hands out the slug of a title, numbers it when it was handed out before or is reserved, and keeps the number within the maximum length.',
      dependsOn: ['T2'],
      requirements: ['R3', 'R4'],
      files: [
        { path: 'src/registry.ts', action: 'create' },
        { path: 'test/registry.test.ts', action: 'create' },
        { path: 'src/index.ts', action: 'modify' },
      ],
      tests: [
        'numbers equal slugs',
        'stays unique when slugs are cut to a maximum length',
        'never hands out a reserved word',
        'refuses a title that leaves nothing to make a slug of',
      ],
      doneWhen: [
        'Two titles with the slug hello get hello and hello-2.',
        'With maxLength 7, a hundred equal titles get a hundred different slugs of at most 7 characters.',
        'With admin reserved, the title Admin gets admin-2.',
        'A title without letters or digits throws a RangeError that quotes it.',
      ],
      size: 'M',
    },
    {
      id: 'T4',
      title: 'Describe it in the README',
      description: 'Correct the sentence about letters outside ASCII and describe the maximum length and the registry.',
      dependsOn: ['T3'],
      requirements: ['R1', 'R2', 'R3', 'R4'],
      files: [{ path: 'README.md', action: 'modify' }],
      tests: [],
      doneWhen: ['Every example in the README has the result that the code gives.'],
      size: 'S',
    },
  ],
  successMetrics: [
    {
      name: 'ASCII titles keep their slugs',
      target: 'No existing test is changed and all pass',
      measuredBy: 'node --test',
    },
    { name: 'Covered lines of src/', target: 'At least 95 %', measuredBy: 'node --test --experimental-test-coverage' },
    {
      name: 'Unique slugs under a limit',
      target: 'A hundred equal titles, a hundred slugs, none longer than 7',
      measuredBy: 'test/registry.test.ts',
    },
  ],
  risks: [
    {
      risk: 'The table misses a letter that somebody needs.',
      likelihood: 2,
      impact: 1,
      mitigation: 'An unknown letter separates words, as it does today; adding one is one line.',
    },
    {
      risk: 'Folding changes the slug of an ASCII title, and links break.',
      likelihood: 1,
      impact: 3,
      mitigation: 'The table holds no ASCII letter, and the existing tests stay as they are.',
    },
    {
      risk: 'The maximum length leaves no room for a number.',
      likelihood: 1,
      impact: 2,
      mitigation: 'The registry throws a RangeError that says so instead of handing out a slug twice.',
    },
  ],
  assumptions: ['Titles are in a language written in Latin letters.'],
  outOfScope: [
    'Keeping the registry between two runs of a program',
    'Greek, Cyrillic and other scripts',
    'Spelling symbols out, such as & as and: it would change the slugs of ASCII titles',
  ],
};

const refinement: RefinementAnswer = {
  plan: refinedPlan,
  addressed: [
    {
      improvementId: 'I1',
      change: 'T3 serves R4 too: reserved words count as handed out, with a test and a doneWhen of their own.',
    },
    { improvementId: 'I2', change: 'slug() takes an options object, and T2 makes join() call slug(part).' },
    { improvementId: 'I4', change: 'T3 throws a RangeError for a title that leaves nothing, and tests it.' },
    { improvementId: 'I5', change: 'T4 is done when every README example has the result that the code gives.' },
    {
      improvementId: 'I6',
      change: 'The number counts towards the maximum length: a decision, a doneWhen and a test in T3, and a metric.',
    },
    {
      improvementId: 'I7',
      change: 'The risk is named, T1 may not change an existing test, and spelling symbols out is out of scope.',
    },
  ],
  declined: [
    {
      improvementId: 'I3',
      why: 'R1 asks for Latin letters. Greek and Cyrillic need a table each and rules that differ by language; they are now named as out of scope.',
    },
  ],
};

/** The refiner's rounds, the first at index 0. */
export const refining: readonly Recording[] = [
  [
    act(
      'Two of the findings hang on how slug() is called, so I look at its callers before I change the signature.',
      call('search_text', { query: '.map(slug)' }),
      call('read_file', { path: 'src/slug.ts', startLine: 8, endLine: 22 }),
    ),
    answer(refinement),
  ],
];
