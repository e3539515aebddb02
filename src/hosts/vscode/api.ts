import { join } from 'node:path';
import type * as vscode from 'vscode';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { TriggerService } from '../http/triggerService.ts';
import type { RunFeed } from '../runFeed.ts';
import type { Services } from './services.ts';
import { readSettings } from './settings.ts';

interface Running {
  readonly address: string;
  readonly token: string;
  stop(): Promise<void>;
}

/** The HTTP API of this window, on while the settings say so. Of several windows on one folder one serves. */
export class Api implements vscode.Disposable {
  readonly #services: Services;
  readonly #feed: RunFeed;
  readonly #log: vscode.LogOutputChannel;
  readonly #triggers: TriggerService;
  #running: Running | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(services: Services, feed: RunFeed, log: vscode.LogOutputChannel, triggers: TriggerService) {
    this.#services = services;
    this.#feed = feed;
    this.#log = log;
    this.#triggers = triggers;
  }

  /** Starts, stops or moves the server as the settings are now. @throws PlanwrightError CONFLICT | INVALID_INPUT */
  sync(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#stop();
      if (readSettings().http.enabled) await this.#start();
    });
  }

  /** Where it answers, and to whom. @throws PlanwrightError NOT_FOUND while it is off */
  async address(): Promise<Pick<Running, 'address' | 'token'>> {
    await this.#queue.catch(() => {});
    if (this.#running) return this.#running;
    throw new PlanwrightError('NOT_FOUND', 'The HTTP API is off, or another window of this folder serves it.', {
      hint: 'Turn on planwright.http.enabled in the settings.',
    });
  }

  dispose(): void {
    void this.#inTurn(() => this.#stop());
  }

  async #start(): Promise<void> {
    const [{ createApi }, { serve }, { announce, newToken }] = await Promise.all([
      import('../http/api.ts'),
      import('../http/server.ts'),
      import('../http/discovery.ts'),
    ]);
    const token = newToken();
    const onInternal = (error: unknown) => this.#log.error(String(error));
    const api = createApi({
      service: await this.#services.runService(this.#feed),
      token,
      metricsText: () => this.#services.metrics.prometheus(),
      triggers: this.#triggers,
      onInternal,
    });
    const server = await serve(api, { port: readSettings().http.port, onInternal });
    try {
      const file = join(this.#services.folder, 'server.json');
      const takeBack = await announce(file, { port: server.port, token, workspace: this.#services.workspace.root });
      const address = `http://127.0.0.1:${server.port}`;
      this.#log.info(`The HTTP API answers at ${address}; ${file} has its token.`);
      const stop = async () => {
        await takeBack();
        await server.close();
      };
      this.#running = { address, token, stop };
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.stop();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => {});
    return result;
  }
}
