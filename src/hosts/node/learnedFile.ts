import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Store } from '../../workflow/engine/store.ts';
import { type Fact, formatFact, header, keyOf, parseFacts } from '../../workflow/learned/fact.ts';
import { learnFrom } from '../../workflow/learned/learn.ts';
import { relevantFacts } from '../../workflow/learned/relevant.ts';
import type { Learned } from '../../workflow/ports.ts';
import { replay } from '../../workflow/runState.ts';
import type { Input } from '../../workflow/schemas.ts';
import { createFile, replaceFile } from './atomicWrite.ts';

/**
 * What was learned in a workspace, as a Markdown file in its storage folder. Beside it stands what was ever learned, so
 * that an entry the developer deleted does not come back.
 */
export class LearnedFile implements Learned {
  readonly path: string;
  readonly #store: Store;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(folder: string, store: Store) {
    this.path = join(folder, 'learned.md');
    this.#store = store;
  }

  async relevantTo(input: Input): Promise<string[]> {
    return relevantFacts(parseFacts(await this.#text()), input).map(({ text }) => text);
  }

  learnFrom(runId: string): Promise<void> {
    const views = this.#store.listRuns().flatMap(({ id }) => replay(this.#store.events(id, 0)) ?? []);
    return this.add(learnFrom(this.#store.events(runId, 0), views));
  }

  /** Adds what is new; one writer at a time. */
  add(facts: readonly Fact[]): Promise<void> {
    const result = this.#queue.then(() => this.#add(facts));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Makes the file when there is none yet, so that it can be opened. */
  async ensure(): Promise<string> {
    if ((await readIfThere(this.path)) === null) await this.#write(this.path, header);
    return this.path;
  }

  async #add(facts: readonly Fact[]): Promise<void> {
    const text = await this.#text();
    const known = new Set([...(await this.#everLearned()), ...parseFacts(text).map(keyOf)]);
    const fresh = [...new Map(facts.map((fact) => [keyOf(fact), fact])).values()].filter(
      (fact) => !known.has(keyOf(fact)),
    );
    if (fresh.length === 0) return;
    for (const fact of fresh) known.add(keyOf(fact));
    const body = text.endsWith('\n') ? text : `${text}\n`;
    const gap = parseFacts(text).length === 0 ? '\n' : '';
    await this.#write(this.path, `${body}${gap}${fresh.map(formatFact).join('\n')}\n`);
    await this.#write(`${this.path}.known.json`, JSON.stringify([...known]));
  }

  async #text(): Promise<string> {
    return (await readIfThere(this.path)) ?? header;
  }

  async #everLearned(): Promise<string[]> {
    try {
      const known: unknown = JSON.parse((await readIfThere(`${this.path}.known.json`)) ?? '[]');
      return Array.isArray(known) ? known.map(String) : [];
    } catch {
      return [];
    }
  }

  async #write(path: string, text: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, text).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return createFile(path, text);
    });
  }
}

function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
