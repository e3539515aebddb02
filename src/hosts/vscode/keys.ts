import type { SecretStorage } from 'vscode';

/** API keys, each bound to the origin it was saved for and never handed out for another. */
export class Keys {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async get(origin: string): Promise<string | undefined> {
    return this.#secrets.get(name(origin));
  }

  async set(origin: string, key: string): Promise<void> {
    await this.#secrets.store(name(origin), key);
  }

  async forget(origin: string): Promise<void> {
    await this.#secrets.delete(name(origin));
  }
}

function name(origin: string): string {
  return `planwright.key:${origin}`;
}
