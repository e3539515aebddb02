import type { ImplementationAnswer } from '../answers.ts';
import { act, answer, call, edit, type Recording, write } from '../recording.ts';

const registrySource = `import { type SlugOptions, slug } from './slug.ts';

/** How a registry makes its slugs. */
export interface RegistryOptions extends SlugOptions {
  /** Words that are never handed out, such as \`admin\` or \`new\`. */
  readonly reserved?: readonly string[];
}

/**
 * Hands out slugs, none of them twice: \`hello\`, then \`hello-2\`.
 * It keeps every slug it handed out for as long as it lives.
 */
export class SlugRegistry {
  readonly #taken: Set<string>;
  readonly #maxLength: number | undefined;

  /** A registry that has handed out nothing yet. */
  constructor(options: RegistryOptions = {}) {
    this.#taken = new Set(options.reserved?.map((word) => slug(word)));
    this.#maxLength = options.maxLength;
  }

  /**
   * A slug for the title that is neither reserved nor handed out before. Its number counts towards the maximum length.
   * @throws RangeError when the title has no letter or digit, or when the maximum length has no room for a number
   */
  add(title: string): string {
    const key = slug(title);
    if (key === '') throw new RangeError(\`There is nothing to make a slug of in "\${title}".\`);
    let number = 1;
    let candidate = this.#numbered(key, number);
    while (this.#taken.has(candidate)) {
      number += 1;
      candidate = this.#numbered(key, number);
    }
    this.#taken.add(candidate);
    return candidate;
  }

  /** The slug with its number, which the first one does without. */
  #numbered(key: string, number: number): string {
    const suffix = number === 1 ? '' : \`-\${number}\`;
    if (this.#maxLength === undefined) return key + suffix;
    const room = this.#maxLength - suffix.length;
    if (suffix !== '' && room < 1) {
      throw new RangeError(\`A slug of \${this.#maxLength} characters has no room for \${suffix}.\`);
    }
    return slug(key, { maxLength: room }) + suffix;
  }
}
`;

const registryTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlugRegistry } from '../src/registry.ts';

test('numbers equal slugs', () => {
  const registry = new SlugRegistry();
  assert.equal(registry.add('Hello'), 'hello');
  assert.equal(registry.add('Hello!'), 'hello-2');
  assert.equal(registry.add('Hello 2'), 'hello-2-2');
  assert.equal(registry.add('hello'), 'hello-3');
});

test('stays unique when slugs are cut to a maximum length', () => {
  const registry = new SlugRegistry({ maxLength: 7 });
  const slugs = Array.from({ length: 100 }, () => registry.add('Hello world'));
  assert.deepEqual(slugs.slice(0, 2), ['hello', 'hello-2']);
  assert.equal(new Set(slugs).size, 100);
  assert.ok(slugs.every((slug) => slug.length <= 7));
});

test('says so when the maximum length has no room for a number', () => {
  const registry = new SlugRegistry({ maxLength: 2 });
  assert.equal(registry.add('Hello'), 'he');
  assert.throws(() => registry.add('Hello'), RangeError);
});

test('never hands out a reserved word', () => {
  const registry = new SlugRegistry({ reserved: ['admin', 'New'] });
  assert.equal(registry.add('Admin'), 'admin-2');
  assert.equal(registry.add('new'), 'new-2');
  assert.equal(registry.add('News'), 'news');
});

test('refuses a title that leaves nothing to make a slug of', () => {
  assert.throws(() => new SlugRegistry().add('?!'), /"\\?!"/);
});
`;

const result: ImplementationAnswer = {
  summary: 'SlugRegistry hands out unique slugs within the maximum length and never a reserved word.',
  documentation:
    '`new SlugRegistry({ reserved: ["admin"], maxLength: 60 }).add(title)` hands out each slug once: `hello`, then `hello-2`.',
  tests: [
    'numbers equal slugs',
    'stays unique when slugs are cut to a maximum length',
    'says so when the maximum length has no room for a number',
    'never hands out a reserved word',
    'refuses a title that leaves nothing to make a slug of',
  ],
  evidence: [
    { doneWhen: 'Two titles with the slug hello get hello and hello-2.', how: 'Asserted in "numbers equal slugs".' },
    {
      doneWhen: 'With maxLength 7, a hundred equal titles get a hundred different slugs of at most 7 characters.',
      how: 'Asserted in "stays unique when slugs are cut to a maximum length".',
    },
    {
      doneWhen: 'With admin reserved, the title Admin gets admin-2.',
      how: 'Asserted in "never hands out a reserved word".',
    },
    {
      doneWhen: 'A title without letters or digits throws a RangeError that quotes it.',
      how: 'Asserted in "refuses a title that leaves nothing to make a slug of".',
    },
  ],
};

/** T3: a registry of unique slugs. */
export const addRegistry: Recording = [
  act(
    'I need slug() as T2 leaves it, and what the library exports.',
    call('read_file', { path: 'src/slug.ts' }),
    call('read_file', { path: 'src/index.ts' }),
  ),
  act(
    'The registry, its tests, and its way out of the library.',
    write({
      path: 'src/registry.ts',
      content: registrySource,
      requirements: ['R3', 'R4'],
      why: 'Hands out each slug once and treats reserved words as handed out; the number counts towards the maximum length.',
    }),
    write({
      path: 'test/registry.test.ts',
      content: registryTests,
      requirements: ['R3', 'R4'],
      why: 'Pins numbering, uniqueness under a limit, reserved words and titles that leave nothing.',
    }),
    edit({
      path: 'src/index.ts',
      oldText: "export { join, slug } from './slug.ts';\n",
      newText: `export { type RegistryOptions, SlugRegistry } from './registry.ts';
export { join, type SlugOptions, slug } from './slug.ts';
`,
      requirements: ['R3'],
      why: 'Makes the registry and the types of both options part of the library.',
    }),
  ),
  answer(result),
];
