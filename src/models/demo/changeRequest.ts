import type { ImplementationAnswer } from './answers.ts';
import { act, answer, call, edit, type Recording } from './recording.ts';

/** The one change of a hunk that the demo model knows how to make. */
export const demoChangeRequest = {
  taskId: 'T3',
  path: 'src/registry.ts',
  /** Part of the proposed text of the hunk that the feedback is about. */
  hunkText: '    let number = 1;\n',
  feedback: 'Remember the last number of each slug, so that many equal titles stay fast',
} as const;

const result: ImplementationAnswer = {
  summary: 'The registry remembers the last number of each slug and goes on counting from there.',
  documentation: 'Many equal titles cost no more than many different ones.',
  tests: [],
  evidence: [
    {
      doneWhen: 'Two titles with the slug hello get hello and hello-2.',
      how: 'A slug that was never added still starts at 1, as "numbers equal slugs" asserts.',
    },
  ],
};

/** What the implementer does about {@link demoChangeRequest}, on the file as it is proposed. */
export const changeRequest: Recording = [
  act('I look at the registry as it is proposed.', call('read_file', { path: demoChangeRequest.path })),
  act(
    'Counting starts where it stopped for that slug.',
    edit({
      path: demoChangeRequest.path,
      oldText: '  readonly #maxLength: number | undefined;\n',
      newText: `  /** The last number tried for each slug, so that the next one need not count from the start. */
  readonly #lastNumbers = new Map<string, number>();
  readonly #maxLength: number | undefined;
`,
      requirements: ['R3'],
      why: 'Keeps where counting stopped for each slug.',
    }),
    edit({
      path: demoChangeRequest.path,
      oldText: demoChangeRequest.hunkText,
      newText: '    let number = this.#lastNumbers.get(key) ?? 1;\n',
      requirements: ['R3'],
      why: 'Goes on from the last number instead of trying all of them again.',
    }),
    edit({
      path: demoChangeRequest.path,
      oldText: '    this.#taken.add(candidate);\n',
      newText: `    this.#taken.add(candidate);
    this.#lastNumbers.set(key, number);
`,
      requirements: ['R3'],
      why: 'Remembers the number for the next equal title.',
    }),
  ),
  answer(result),
];
