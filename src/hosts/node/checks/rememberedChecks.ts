import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { CheckCommand, Checks } from '../../../workflow/checks/checks.ts';
import { hashOf } from '../../../workflow/engine/hash.ts';
import type { AllowedChecks } from '../../../workflow/ports.ts';
import { createFile, replaceFile } from '../atomicWrite.ts';

const rememberedSchema = z.object({
  version: z.literal(1),
  /** A hash of all commands that were there to choose from. */
  of: z.string(),
  names: z.array(z.string()),
});

/** The developer's choice among a workspace's checks, as a file in its storage folder. */
export class RememberedChecks implements AllowedChecks {
  readonly #path: string;
  readonly #refusal: () => string | null;
  readonly #open: () => Promise<Checks>;
  #checks: Promise<Checks> | undefined;

  /** @param open makes the checks when they are first needed */
  constructor(path: string, refusal: () => string | null, open: () => Promise<Checks>) {
    this.#path = path;
    this.#refusal = refusal;
    this.#open = open;
  }

  refusal(): string | null {
    return this.#refusal();
  }

  checks(): Promise<Checks> {
    this.#checks ??= this.#open();
    return this.#checks;
  }

  async remembered(found: readonly CheckCommand[]): Promise<string[] | null> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const known = rememberedSchema.safeParse(jsonOf(text)); // What cannot be read was never chosen.
    return known.success && known.data.of === hashOf(found) ? known.data.names : null;
  }

  async remember(found: readonly CheckCommand[], names: readonly string[]): Promise<void> {
    const chosen: z.infer<typeof rememberedSchema> = { version: 1, of: hashOf(found), names: [...names] };
    const text = JSON.stringify(chosen);
    await mkdir(dirname(this.#path), { recursive: true });
    await replaceFile(this.#path, text)
      .catch(only('ENOENT', () => createFile(this.#path, text)))
      // Another window was quicker; who chose last has chosen.
      .catch(only('EEXIST', () => replaceFile(this.#path, text)));
  }
}

function only(code: string, instead: () => Promise<void>) {
  return (error: NodeJS.ErrnoException): Promise<void> => {
    if (error.code !== code) throw error;
    return instead();
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
