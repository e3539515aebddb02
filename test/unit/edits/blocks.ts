import fc from 'fast-check';

/**
 * A file as blocks with one line between any two that nobody changes. All lines are different, so that it is known
 * which lines a side changed without asking a diff.
 */
export interface Blocks {
  /** What each block is for a side: the base, the proposal, the developer. */
  readonly base: readonly string[];
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
  /** The line before each block, and the last line of the file. */
  readonly between: readonly string[];
}

export type Owner = 'nobody' | 'mine' | 'theirs' | 'both' | 'same';

const eol = fc.constantFrom('\n', '\n', '\r\n');

const block = (owners: readonly Owner[]) =>
  fc.record({
    owner: fc.constantFrom(...owners),
    base: fc.array(eol, { maxLength: 3 }),
    mine: fc.array(eol, { maxLength: 3 }),
    theirs: fc.array(eol, { maxLength: 3 }),
    before: eol,
  });

/** Files where each block is changed by one of `owners`. */
export function anyBlocks(...owners: readonly Owner[]): fc.Arbitrary<Blocks> {
  return fc.tuple(fc.array(block(owners), { minLength: 1, maxLength: 6 }), fc.boolean()).map(([blocks, cut]) => {
    const lines = (name: string, index: number, ends: readonly string[]) =>
      ends.map((end, line) => `${name} 😀 ${index}.${line}${end}`).join('');
    const base = blocks.map((each, index) => lines('base', index, each.base));
    const mine = blocks.map((each, index) =>
      each.owner === 'nobody' || each.owner === 'theirs' ? (base[index] ?? '') : lines('mine', index, each.mine),
    );
    const theirs = blocks.map((each, index) => {
      if (each.owner === 'nobody' || each.owner === 'mine') return base[index] ?? '';
      return each.owner === 'same' ? (mine[index] ?? '') : lines('theirs', index, each.theirs);
    });
    const between = blocks.map((each, index) => `-- 😀 ${index}${each.before}`);
    return { base, mine, theirs, between: [...between, cut ? 'end' : 'end\n'] };
  });
}

/** The text of a file made of these blocks. */
export function render({ between }: Blocks, blocks: readonly string[]): string {
  return between.map((line, index) => line + (blocks[index] ?? '')).join('');
}
