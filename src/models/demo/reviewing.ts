import type { ReviewAnswer } from './answers.ts';
import { act, answer, call, type Recording } from './recording.ts';

/**
 * The review of the planner's plan: 68.5 before the linter caps what it finds. One piece of its evidence names
 * a file that exists nowhere, as reviewers do now and then, and is dropped.
 */
export const firstReview: ReviewAnswer = {
  criteria: [
    {
      id: 'requirementsCoverage',
      score: 6,
      rationale:
        'R1, R2 and R3 each have a task and a test. No task serves R4: the registry of T3 knows nothing of reserved words.',
      evidence: [
        { requirementId: 'R4' },
        {
          taskId: 'T3',
          quote: 'A class that hands out the slug of a title and numbers it when it was handed out before.',
        },
      ],
      improvements: [
        {
          what: 'Give R4 a task: let the registry take reserved words and never hand one out.',
          why: 'It is one of the four things asked for.',
          severity: 'major',
        },
      ],
    },
    {
      id: 'architecture',
      score: 7,
      rationale:
        'Folding first and limiting last fits how slug() is built, and the registry rightly stands on top. The bare second parameter does not fit its caller: join() passes slug to map.',
      evidence: [
        { path: 'src/slug.ts', quote: '.map(slug)' },
        { quote: 'Take the maximum length as a second parameter: slug(text, maxLength).' },
        { path: 'src/transliterate.ts' },
      ],
      improvements: [
        {
          what: 'Take an options object instead of a bare number, and let join() call slug(part).',
          why: 'map hands the index over as second argument, so join("Blog", "My cat") would ask for a maximum length of 0 and of 1.',
          severity: 'major',
        },
        {
          what: 'Fold Greek and Cyrillic titles as well.',
          why: 'Their words are still dropped.',
          severity: 'minor',
        },
      ],
    },
    {
      id: 'feasibility',
      score: 8,
      rationale:
        'Every file to be modified exists, nothing needs a dependency, and normalize() is built in. What the registry does with an empty slug is open.',
      evidence: [
        { path: 'package.json', quote: 'node --test' },
        { path: 'test/slug.test.ts', quote: 'has nothing to say about a title without letters or digits' },
      ],
      improvements: [
        {
          what: 'Say what the registry does with a title that leaves nothing to make a slug of.',
          why: 'slug("?!") is empty, and an empty slug followed by -2 helps nobody.',
          severity: 'minor',
        },
      ],
    },
    {
      id: 'taskBreakdown',
      score: 7,
      rationale:
        'Four small tasks in a sensible order; the two that write src/slug.ts follow one another. T4 does not say when it is done.',
      evidence: [{ taskId: 'T2' }, { taskId: 'T4', path: 'README.md' }],
      improvements: [
        {
          what: 'Say when T4 is done.',
          why: 'The README holds examples whose results can be checked.',
          severity: 'major',
        },
      ],
    },
    {
      id: 'testability',
      score: 6,
      rationale:
        'Both metrics can be measured with node alone. Uniqueness is tested without a maximum length only, which is where it gets hard.',
      evidence: [{ taskId: 'T3', quote: 'numbers equal slugs' }, { quote: 'node --test --experimental-test-coverage' }],
      improvements: [
        {
          what: 'Decide how the number and the maximum length go together, and test it.',
          why: 'A slug that was cut and then numbered is too long, and one that is cut again may repeat an earlier one.',
          severity: 'major',
        },
      ],
    },
    {
      id: 'riskAndSecurity',
      score: 7,
      rationale:
        'The one risk named is real and small. The larger one is the constraint itself: slugs are links, and a changed slug is a broken link.',
      evidence: [
        { quote: 'The table misses a letter that somebody needs.' },
        { path: 'test/slug.test.ts', quote: "slug('Tom & Jerry')" },
      ],
      improvements: [
        {
          what: 'Name the risk that an ASCII title gets another slug, and forbid changing the tests that pin today’s.',
          why: 'The constraint is easy to break in passing.',
          severity: 'minor',
        },
      ],
    },
  ],
};

/** The review of the refined plan: 88. */
export const secondReview: ReviewAnswer = {
  criteria: [
    {
      id: 'requirementsCoverage',
      score: 9,
      rationale:
        'All four requirements and the implied R5 have a task, a test and a doneWhen. Reserved words are now part of T3.',
      evidence: [
        { taskId: 'T3', requirementId: 'R4', quote: 'never hands out a reserved word' },
        { taskId: 'T2', requirementId: 'R5', quote: 'A maximum length of 0, -1 or 2.5 throws a RangeError.' },
      ],
      improvements: [],
    },
    {
      id: 'architecture',
      score: 9,
      rationale:
        'The options object settles the clash with map in join(), and treating reserved words as handed out keeps the registry to one rule.',
      evidence: [
        { quote: 'Take the maximum length in an options object: slug(text, { maxLength }).' },
        { path: 'src/slug.ts', quote: '.map(slug)' },
      ],
      improvements: [],
    },
    {
      id: 'feasibility',
      score: 9,
      rationale: 'Each task is a few dozen lines against code that exists, without a dependency.',
      evidence: [
        { taskId: 'T1', path: 'src/slug.ts' },
        { taskId: 'T3', path: 'src/index.ts' },
      ],
      improvements: [],
    },
    {
      id: 'taskBreakdown',
      score: 9,
      rationale: 'Every task says when it is done, T4 included, and each test belongs to the task that needs it.',
      evidence: [{ taskId: 'T4', quote: 'Every example in the README has the result that the code gives.' }],
      improvements: [],
    },
    {
      id: 'testability',
      score: 9,
      rationale: 'The hard case has a number to meet: a hundred equal titles within seven characters.',
      evidence: [
        { taskId: 'T3', quote: 'stays unique when slugs are cut to a maximum length' },
        { quote: 'A hundred equal titles, a hundred slugs, none longer than 7' },
      ],
      improvements: [],
    },
    {
      id: 'riskAndSecurity',
      score: 7,
      rationale:
        'The risk of broken links is named, and its mitigation can be checked. That a registry grows with every title and never forgets is not mentioned.',
      evidence: [
        { quote: 'Folding changes the slug of an ASCII title, and links break.' },
        { path: 'test/slug.test.ts', quote: "slug('Tom & Jerry')" },
      ],
      improvements: [
        {
          what: 'Say in the documentation of the registry that it keeps every slug it handed out.',
          why: 'A program that runs for months would otherwise be surprised by its memory.',
          severity: 'minor',
        },
      ],
    },
  ],
};

/** The reviewer's rounds: 0 is the planner's plan, 1 the plan after the first refinement. */
export const reviewing: readonly Recording[] = [
  [
    act(
      'I check the plan against the code it wants to change.',
      call('read_file', { path: 'src/slug.ts' }),
      call('search_text', { query: '.map(slug)' }),
      call('read_file', { path: 'test/slug.test.ts' }),
      call('read_file', { path: 'package.json' }),
    ),
    answer(firstReview),
  ],
  [
    act(
      'I check what changed, and that nothing else got lost.',
      call('read_file', { path: 'src/slug.ts' }),
      call('read_file', { path: 'test/slug.test.ts' }),
    ),
    answer(secondReview),
  ],
];
