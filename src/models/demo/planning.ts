import type { PlanAnswer } from './answers.ts';
import { act, answer, call, type Recording } from './recording.ts';

/**
 * The planner's plan. Its weaknesses are those of a real first plan, and the review finds them: nothing serves
 * R4, T4 does not say when it is done, a bare number as second parameter meets `parts.map(slug)`, and
 * nobody thought about numbering a slug that was cut.
 */
export const firstPlan: PlanAnswer = {
  title: 'Slugs for real-world titles',
  summary:
    'Fold Latin letters to ASCII before the words are split, let callers limit the length of a slug, and add a registry that numbers equal slugs. What slug(text) says about ASCII titles today stays as it is.',
  impliedRequirements: [
    { text: 'A maximum length that is not a positive whole number is refused with a RangeError, not ignored.' },
  ],
  architecture: {
    overview:
      'slug() keeps its three steps: make the text plain, split it into words, join them. Folding belongs to the first step and the maximum length to the last. The registry is a new module on top of slug(), so that slug() itself stays a pure function.',
    components: [
      {
        name: 'Folding',
        responsibility: 'Turns accented and other Latin letters into ASCII letters.',
        files: ['src/slug.ts'],
      },
      {
        name: 'Maximum length',
        responsibility: 'Keeps as many whole words as fit.',
        files: ['src/slug.ts'],
      },
      {
        name: 'Registry',
        responsibility: 'Remembers the slugs handed out and numbers the next equal one.',
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
        decision: 'Take the maximum length as a second parameter: slug(text, maxLength).',
        why: 'It is the shortest way to say it.',
        alternatives: ['A function of its own that shortens a finished slug'],
      },
      {
        decision: 'Count from 2 and append the number to the slug.',
        why: 'The request gives hello and hello-2 as its example.',
        alternatives: ['A random suffix, which nobody can read out'],
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
      doneWhen: ['slug("Crème brûlée") is creme-brulee and slug("Straße") is strasse.'],
      size: 'S',
    },
    {
      id: 'T2',
      title: 'Limit the length of a slug',
      description: 'Give slug() a second parameter and keep whole words only.',
      dependsOn: ['T1'],
      requirements: ['R2', 'R5'],
      files: [
        { path: 'src/slug.ts', action: 'modify' },
        { path: 'test/slug.test.ts', action: 'modify' },
      ],
      tests: ['keeps whole words within the maximum length', 'refuses a maximum length that makes no sense'],
      doneWhen: ['slug("A long winding road", 10) is a-long.'],
      size: 'S',
    },
    {
      id: 'T3',
      title: 'Add a registry of unique slugs',
      description: 'A class that hands out the slug of a title and numbers it when it was handed out before.',
      dependsOn: ['T2'],
      requirements: ['R3'],
      files: [
        { path: 'src/registry.ts', action: 'create' },
        { path: 'test/registry.test.ts', action: 'create' },
        { path: 'src/index.ts', action: 'modify' },
      ],
      tests: ['numbers equal slugs'],
      doneWhen: ['Two titles with the slug hello get hello and hello-2.'],
      size: 'M',
    },
    {
      id: 'T4',
      title: 'Describe it in the README',
      description: 'Correct the sentence about letters outside ASCII and describe the maximum length and the registry.',
      dependsOn: ['T3'],
      requirements: ['R1', 'R2', 'R3'],
      files: [{ path: 'README.md', action: 'modify' }],
      tests: [],
      doneWhen: [],
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
  ],
  risks: [
    {
      risk: 'The table misses a letter that somebody needs.',
      likelihood: 2,
      impact: 1,
      mitigation: 'An unknown letter separates words, as it does today; adding one is one line.',
    },
  ],
  assumptions: ['Titles are in a language written in Latin letters.'],
  outOfScope: ['Keeping the registry between two runs of a program'],
};

export const planning: Recording = [
  act(
    'I start with what is here and what the project asks of its contributors.',
    call('list_files'),
    call('read_file', { path: 'AGENTS.md' }),
    call('read_file', { path: 'package.json' }),
  ),
  act(
    'Small library. Now the module in question and whoever uses it.',
    call('read_file', { path: 'src/slug.ts' }),
    call('read_file', { path: 'src/index.ts' }),
    call('outline', { path: 'src/redirects.ts' }),
    call('search_text', { query: 'slug(' }),
  ),
  act(
    'The tests say what must not change. I also want to know what the README promises today.',
    call('read_file', { path: 'test/slug.test.ts' }),
    call('read_file', { path: 'README.md' }),
    call('diagnostics'),
    call('git_log', { path: 'src/slug.ts' }),
  ),
  answer(firstPlan),
];
