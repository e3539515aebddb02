import type { ImplementationAnswer } from '../answers.ts';
import { act, answer, call, edit, type Recording } from '../recording.ts';

const result: ImplementationAnswer = {
  summary:
    'The README describes folding, the maximum length and the registry, and no longer says that accented letters separate words.',
  documentation: 'README.md: folding and the maximum length under "Slugs", the registry under "Unique slugs".',
  tests: [],
  evidence: [
    {
      doneWhen: 'Every example in the README has the result that the code gives.',
      how: 'Each example repeats one that a test asserts, or follows from one.',
    },
  ],
};

/** T4: what a user reads. */
export const describeInReadme: Recording = [
  act(
    'The README as it is, and the registry as T3 wrote it.',
    call('read_file', { path: 'README.md' }),
    call('read_file', { path: 'src/registry.ts' }),
  ),
  act(
    'One sentence is wrong by now; the rest is new.',
    edit({
      path: 'README.md',
      oldText: "Letters outside ASCII separate words, so `slug('Crème')` is `'cr-me'`.\n",
      newText: `Latin letters fold to ASCII: \`slug('Crème brûlée')\` is \`'creme-brulee'\` and \`slug('Straße')\` is \`'strasse'\`. Letters of other scripts separate words.

A maximum length keeps whole words; only a first word that is longer by itself is cut:

\`\`\`ts
slug('A long winding road', { maxLength: 10 }); // 'a-long'
\`\`\`
`,
      requirements: ['R1', 'R2'],
      why: 'The old sentence is no longer true, and the limit is new.',
    }),
    edit({
      path: 'README.md',
      oldText: '## Redirects\n',
      newText: `## Unique slugs

\`\`\`ts
import { SlugRegistry } from 'slugs';

const registry = new SlugRegistry({ reserved: ['admin', 'new'], maxLength: 60 });
registry.add('Hello'); // 'hello'
registry.add('Hello!'); // 'hello-2'
registry.add('Admin'); // 'admin-2', since admin is reserved
\`\`\`

The number counts towards the maximum length. A registry keeps every slug it handed out for as long as it lives.

## Redirects
`,
      requirements: ['R3', 'R4'],
      why: 'Shows how to get unique slugs, what reserved words do, and what the registry keeps.',
    }),
  ),
  answer(result),
];
