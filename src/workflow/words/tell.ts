/** English texts and how another language says them; `{0}` stands for what varies. */
export type Translations = Readonly<Record<string, unknown>>;

interface Template {
  readonly message: string;
  /** What stands before, between and after the placeholders. */
  readonly literals: readonly string[];
  /** The number in each placeholder, in the order of the English. */
  readonly indices: readonly number[];
  /** How much of it is words: of several that fit the wordiest is meant. */
  readonly weight: number;
}

/** So few letters around placeholders could be anybody's. */
const LEAST_LETTERS = 6;
/** As much of a value must be words before it is taken for the engine's. */
const LEAST_IN_VALUE = 12;
/** Longer texts are a model's or a program's output. */
const MOST_CHARACTERS = 4000;
/** Of how many sentences one text of the engine may consist, with what it quotes. */
const MOST_SENTENCES = 8;
/** How many texts are remembered. */
const KEPT = 500;

/**
 * Says what the engine wrote, in English, in another language. A text is recognised by being, letter for letter, what a
 * known text comes to with some values in its placeholders; so the translation says the same with the same values. All
 * else stays as it is: what a model, a developer or a tool wrote, and texts of versions that worded them otherwise.
 */
export class Teller {
  readonly #translations: Translations;
  readonly #templates: readonly Template[];
  readonly #known = new Map<string, string>();

  constructor(translations: Translations) {
    this.#translations = translations;
    this.#templates = Object.keys(translations).flatMap((message) => templateOf(message) ?? []);
  }

  /**
   * @param text one or more sentences of the engine
   * @param least letters that a known text must have around its placeholders; fewer where nobody else can have written
   */
  tell(text: string, least = LEAST_LETTERS): string {
    const key = `${least} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const told = this.#same(text) ?? this.#sentences(text, least);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, told);
    return told;
  }

  /** For a text that is known as it stands. */
  #same(text: string): string | null {
    const told = Object.hasOwn(this.#translations, text) ? this.#translations[text] : undefined;
    return typeof told === 'string' ? told : null;
  }

  #filled(text: string, least: number): string | null {
    let best: { readonly template: Template; readonly values: readonly string[] } | null = null;
    for (const template of this.#templates) {
      if (template.weight < least || (best !== null && template.weight <= best.template.weight)) continue;
      const values = valuesIn(text, template);
      if (values !== null) best = { template, values };
    }
    if (best === null) return null;
    const { template, values } = best;
    const inValue = least < LEAST_LETTERS ? least : LEAST_IN_VALUE;
    // A value of several words may be the engine's as well: the error that a title quotes.
    const told = values.map((value) => value.replace(severalWords, (words) => this.tell(words, inValue)));
    const message = this.#translations[template.message];
    if (typeof message !== 'string') return null;
    return message.replace(placeholder, (all, index: string) => told[template.indices.indexOf(Number(index))] ?? all);
  }

  /**
   * Sentences that were put one behind the other. Each is looked for by itself first, so that no value takes in the next
   * one; what is no sentence by itself has a full stop in a value, and is looked for with those that follow.
   */
  #sentences(text: string, least: number): string {
    if (text.length > MOST_CHARACTERS) return text;
    const pieces = text.split(betweenSentences);
    const said: string[] = [];
    for (let at = 0; at < pieces.length; ) {
      let taken = 1;
      let told = pieces[at] ?? '';
      for (let count = 1; count <= Math.min(MOST_SENTENCES, pieces.length - at); count++) {
        const piece = pieces.slice(at, at + count).join(' ');
        const found = this.#same(piece) ?? this.#filled(piece, least);
        if (found === null) continue;
        taken = count;
        told = found;
        break;
      }
      said.push(told);
      at += taken;
    }
    return said.join(' ');
  }
}

const placeholder = /\{(\d+)\}/g;
const severalWords = /\S+\s[\s\S]*\S/;
const betweenSentences = /(?<=[.!?…][”’)]?) (?=\S)/;

function templateOf(message: string): Template | null {
  const parts = message.split(placeholder);
  const literals = parts.filter((_part, index) => index % 2 === 0);
  const indices = parts.filter((_part, index) => index % 2 === 1).map(Number);
  const weight = literals.join('').match(/\p{L}/gu)?.length ?? 0;
  if (indices.length === 0 || new Set(indices).size < indices.length) return null;
  return { message, literals, indices, weight };
}

/** What stands in the text where the template has placeholders; null when the text is not the template's. */
function valuesIn(text: string, { literals }: Template): string[] | null {
  const first = literals[0] ?? '';
  const last = literals.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return null;
  const end = text.length - last.length;
  const values: string[] = [];
  let at = first.length;
  // The first place of each literal leaves most for those behind it, so if the text fits at all it is found.
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, at);
    if (found < 0) return null;
    values.push(text.slice(at, found));
    at = found + literal.length;
  }
  if (at > end) return null;
  return [...values, text.slice(at, end)];
}
