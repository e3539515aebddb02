import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Capabilities, type CapabilityMemory, capabilitiesSchema } from '../../models/capabilities.ts';

/** Models remembered; the longest unheard of leave first. */
const KEPT = 200;

const fileSchema = z.object({ version: z.literal(1), models: z.record(z.string(), capabilitiesSchema) });
type Known = Readonly<Record<string, Capabilities>>;

/**
 * What is known of models, in a small file beside the workspaces' databases: editor and command line share it. It is
 * a memory and nothing more: a file that cannot be read or written is as none, and everything is learned again.
 */
export class CapabilitiesFile implements CapabilityMemory {
  readonly #path: string;
  #known: Known | undefined;

  /** @param storage the folder of all workspaces' databases */
  constructor(storage: string) {
    this.#path = join(storage, 'models.json');
  }

  get(baseUrl: string, model: string): Capabilities | undefined {
    this.#known ??= this.#read();
    const key = keyOf(baseUrl, model);
    return Object.hasOwn(this.#known, key) ? this.#known[key] : undefined;
  }

  set(baseUrl: string, model: string, capabilities: Capabilities): void {
    // Another window may have learned something since.
    const known = { ...this.#read(), [keyOf(baseUrl, model)]: capabilities };
    const newest = Object.entries(known).sort(([, a], [, b]) => b.at - a.at);
    this.#known = Object.fromEntries(newest.slice(0, KEPT));
    const scratch = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(scratch, JSON.stringify({ version: 1, models: this.#known }, null, 2));
      renameSync(scratch, this.#path);
    } catch {
      // Known for as long as this process lives, then.
    }
  }

  #read(): Known {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))).models;
    } catch {
      return {};
    }
  }
}

function keyOf(baseUrl: string, model: string): string {
  return `${baseUrl} ${model}`;
}
