import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the extension of hostWatch/ wrote down. */
export class HostLog {
  readonly #folder = mkdtempSync(join(tmpdir(), 'planwright-bench-'));
  readonly file = join(this.#folder, 'host.log');

  constructor() {
    writeFileSync(this.file, '');
  }

  /** The longest time within these that something kept the extension host's event loop, in milliseconds. */
  async longestBlock(from: number, to: number): Promise<number> {
    await sleep(1000); // What is noted is written twice a second.
    const blocks = this.#lines().flatMap(({ until = 0, ms = 0 }) => (until >= from && until - ms <= to ? [ms] : []));
    return Math.max(0, ...blocks);
  }

  /** The extension host's heap after a garbage collection, in bytes. */
  async heap(): Promise<number> {
    const heaps = () => this.#lines().flatMap(({ heap }) => heap ?? []);
    const before = heaps().length;
    writeFileSync(`${this.file}.gc`, '');
    while (heaps().length === before) await sleep(100);
    return heaps().at(-1) ?? Number.NaN;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lines(): readonly { readonly until?: number; readonly ms?: number; readonly heap?: number }[] {
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}
