import type { Input } from '../schemas.ts';
import type { Fact } from './fact.ts';

const MOST = 12;
const MOST_CHARACTERS = 2000;

/**
 * The facts worth telling for a request, at most twelve: commands, conventions and findings always count, what was said
 * about single edits only when it shares a word with the request; newer ones, further down, first.
 */
export function relevantFacts(facts: readonly Fact[], input: Input): Fact[] {
  const wanted = wordsOf([input.request, ...input.requirements, ...(input.constraints ?? [])].join(' '));
  const ranked = facts
    .map((fact, index) => ({ fact, index, rank: rankOf(fact, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || b.index - a.index);
  let room = MOST_CHARACTERS;
  return ranked
    .slice(0, MOST)
    .filter(({ fact }) => {
      room -= fact.text.length;
      return room >= 0;
    })
    .map(({ fact }) => fact);
}

function rankOf({ kind, text }: Fact, wanted: ReadonlySet<string>): number {
  const shared = [...wordsOf(text)].filter((word) => wanted.has(word)).length;
  return kind === 'request' || kind === 'rejection' ? shared : shared + 1;
}

/** Words of four letters and more; shorter ones are in every sentence. */
function wordsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
  return new Set(
    words.filter((word) => !['developer', 'asked', 'edit', 'plan', 'rejected', 'that', 'with'].includes(word)),
  );
}
