import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { OtlpPush } from '../otlp/otlpPush.ts';
import type { Services } from './services.ts';
import { readSettings } from './settings.ts';

/** Pushes metrics and traces while the settings name a receiver. What is not sent when the window closes, the next one sends. */
export class Otlp implements vscode.Disposable {
  readonly #services: Services;
  readonly #log: vscode.LogOutputChannel;
  readonly #version: string;
  #push: OtlpPush | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(services: Services, log: vscode.LogOutputChannel, version: string) {
    this.#services = services;
    this.#log = log;
    this.#version = version;
  }

  /** Starts, stops or turns elsewhere, as the settings are now. @throws PlanwrightError INVALID_INPUT */
  sync(): Promise<void> {
    const result = this.#queue.then(() => this.#sync());
    this.#queue = result.catch(() => {});
    return result;
  }

  dispose(): void {
    this.#queue = this.#queue.then(() => this.#stop());
    this.#stop();
  }

  async #sync(): Promise<void> {
    this.#stop();
    const { otlpEndpoint } = readSettings();
    if (otlpEndpoint === undefined) return;
    const [{ OtlpPush }, { parseHeaders, targetBelow }] = await Promise.all([
      import('../otlp/otlpPush.ts'),
      import('../otlp/target.ts'),
    ]);
    const { otlpHeaders, metrics, folder, fetch } = this.#services;
    const target = targetBelow(otlpEndpoint, async (origin) => parseHeaders((await otlpHeaders.get(origin)) ?? ''));
    this.#push = new OtlpPush({
      target,
      outbox: await this.#services.traceOutbox(),
      metrics,
      fetch,
      version: this.#version,
      instance: createHash('sha256').update(folder).digest('hex').slice(0, 16),
      note: (text) => this.#log.warn(text),
    });
    this.#log.info(`Metrics and traces are pushed to ${new URL(otlpEndpoint).origin}.`);
  }

  #stop(): void {
    this.#push?.stop();
    this.#push = undefined;
  }
}
