import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Delivery, Outbox } from '../../workflow/hooks/outbox.ts';
import type { Courier } from '../hooks/courier.ts';
import type { Services } from './services.ts';

/** The outbound hooks of this window, as the settings are. Nothing of them is loaded while there are none. */
export class Hooks implements vscode.Disposable {
  readonly #services: Services;
  readonly #log: vscode.LogOutputChannel;
  readonly #tell: (text: string) => string;
  readonly #trust: vscode.Disposable;
  #courier: Courier | undefined;
  #ids: readonly string[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  /** @param tell says what the engine wrote in the editor’s language */
  constructor(services: Services, log: vscode.LogOutputChannel, tell: (text: string) => string) {
    this.#services = services;
    this.#log = log;
    this.#tell = tell;
    this.#trust = vscode.workspace.onDidGrantWorkspaceTrust(() => void this.sync());
  }

  /** Takes the definitions as they are in the settings now. */
  sync(): Promise<void> {
    const result = this.#queue.then(() => this.#sync());
    this.#queue = result.catch(() => {});
    return result;
  }

  /** The hooks there are. */
  get ids(): readonly string[] {
    return this.#ids;
  }

  /** What was given up, or failed and is tried again. */
  async troubled(): Promise<readonly Delivery[]> {
    return (await this.#outbox()).troubled();
  }

  async sendAgain(id: string): Promise<void> {
    (await this.#outbox()).again(id);
    this.#courier?.wake();
  }

  async discard(id: string): Promise<void> {
    (await this.#outbox()).discard(id);
  }

  /** Gives a hook a new secret, in the form Standard Webhooks has. */
  async newSecret(id: string): Promise<string> {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    await this.#services.hookSecrets.set(id, secret);
    this.#courier?.wake();
    return secret;
  }

  dispose(): void {
    this.#trust.dispose();
    void this.#courier?.dispose();
  }

  async #sync(): Promise<void> {
    const configured = vscode.workspace.getConfiguration('planwright').get<unknown>('hooks') ?? [];
    const isNone = Array.isArray(configured) && configured.length === 0;
    if (isNone || !vscode.workspace.isTrusted) {
      this.#ids = [];
      await this.#courier?.dispose();
      this.#courier = undefined;
      return;
    }
    const { readHooks } = await import('../../workflow/hooks/hook.ts');
    const { hooks, problems } = readHooks(configured);
    for (const problem of problems) this.#log.warn(problem);
    if (problems.length > 0) void vscode.window.showWarningMessage(problems.map(this.#tell).join(' '));
    this.#ids = hooks.map(({ id }) => id);
    this.#courier ??= await this.#newCourier();
    this.#courier.use(hooks);
  }

  async #newCourier(): Promise<Courier> {
    const [{ Courier: New }, { systemClock }] = await Promise.all([
      import('../hooks/courier.ts'),
      import('../node/systemClock.ts'),
    ]);
    return new New({
      store: this.#services.store,
      outbox: await this.#outbox(),
      clock: systemClock,
      secret: (id) => this.#services.hookSecrets.get(id),
      fetch: this.#services.fetch,
      log: (text) => this.#log.warn(text),
    });
  }

  #outbox(): Promise<Outbox> {
    return this.#services.hookOutbox();
  }
}
