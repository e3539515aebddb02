import { createHash } from 'node:crypto';
import type { LanguageModelV4Usage } from '@ai-sdk/provider';
import type * as vscode from 'vscode';

/** What a tokenizer may take in all; an answer that is there does not wait for longer. */
const LIMIT_MS = 5000;
/** Texts remembered: each call of a conversation repeats all that was said before. */
const REMEMBERED = 5000;

type Tokenizer = Pick<vscode.LanguageModelChat, 'vendor' | 'id' | 'countTokens'>;

/** Counts tokens with a model's own tokenizer, each text once. */
export class TokenCounts {
  readonly #known = new Map<string, number>();

  /** The tokens of a call; undefined where they could not be counted in time. */
  async usage(
    model: Tokenizer,
    input: readonly string[],
    output: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<LanguageModelV4Usage> {
    const counted = (texts: readonly string[]) => this.#sum(model, texts);
    const [inputTotal, outputTotal] = await within(LIMIT_MS, signal, Promise.all([counted(input), counted(output)]));
    return {
      inputTokens: { total: inputTotal, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: outputTotal, text: undefined, reasoning: undefined },
    };
  }

  async #sum(model: Tokenizer, texts: readonly string[]): Promise<number | undefined> {
    try {
      const counts = await Promise.all(texts.map((text) => this.#count(model, text)));
      return counts.reduce((sum, count) => sum + count, 0);
    } catch {
      return undefined;
    }
  }

  async #count(model: Tokenizer, text: string): Promise<number> {
    if (text === '') return 0;
    const key = createHash('sha256').update(`${model.vendor}/${model.id}\n${text}`).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const count = await model.countTokens(text);
    if (!Number.isFinite(count)) throw new Error('The tokenizer gave no number.');
    this.#known.set(key, count);
    const oldest = this.#known.size > REMEMBERED ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#known.delete(oldest);
    return count;
  }
}

async function within<T extends readonly unknown[]>(
  ms: number,
  signal: AbortSignal | undefined,
  work: Promise<T>,
): Promise<T | readonly [undefined, undefined]> {
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  const tired = new Promise<readonly [undefined, undefined]>((resolve) => {
    stop = () => resolve([undefined, undefined]);
    timer = setTimeout(stop, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, tired]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
