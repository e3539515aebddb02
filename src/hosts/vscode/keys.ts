import type { SecretStorage } from 'vscode';

/** Secrets of one kind, such as API keys, each bound to the origin it was saved for and never handed out for another. */
export class Keys {
  readonly #secrets: SecretStorage;
  readonly #kind: string;

  constructor(secrets: SecretStorage, kind = 'planwright.key') {
    this.#secrets = secrets;
    this.#kind = kind;
  }

  async get(origin: string): Promise<string | undefined> {
    return this.#secrets.get(this.#name(origin));
  }

  async set(origin: string, key: string): Promise<void> {
    await this.#secrets.store(this.#name(origin), key);
  }

  async forget(origin: string): Promise<void> {
    await this.#secrets.delete(this.#name(origin));
  }

  #name(origin: string): string {
    return `${this.#kind}:${origin}`;
  }
}
