import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { Trigger } from '../../workflow/triggers/definition.ts';
import { isFor } from '../../workflow/triggers/isFor.ts';
import type { Delivery } from '../../workflow/triggers/webhook.ts';
import { say } from '../../workflow/words/say.ts';
import type { TriggerAnswer, TriggerService, TriggerState } from '../http/triggerService.ts';
import type { RunFeed } from '../runFeed.ts';
import type { TriggerHost } from '../triggers/triggerHost.ts';
import type { Services } from './services.ts';

/** The triggers of this window's folder, as the settings are. Nothing of them is loaded while there are none. */
export class Triggers implements TriggerService, vscode.Disposable {
  readonly #services: Services;
  readonly #feed: RunFeed;
  readonly #log: vscode.LogOutputChannel;
  readonly #trust: vscode.Disposable;
  #host: TriggerHost | undefined;
  #problems: readonly string[] = [];
  #listeners: vscode.Disposable[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(services: Services, feed: RunFeed, log: vscode.LogOutputChannel) {
    this.#services = services;
    this.#feed = feed;
    this.#log = log;
    this.#trust = vscode.workspace.onDidGrantWorkspaceTrust(() => void this.sync());
  }

  /** What is wrong with definitions for this folder, or keeps all of them from running. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** Takes the definitions as they are in the settings now. */
  sync(): Promise<void> {
    const result = this.#queue.then(() => this.#sync());
    this.#queue = result.catch(() => {});
    return result;
  }

  async list(): Promise<readonly TriggerState[]> {
    await this.#queue;
    return this.#host?.list() ?? [];
  }

  async run(id: string): Promise<TriggerAnswer> {
    if (this.#host) return this.#host.run(id);
    throw new PlanwrightError('NOT_FOUND', `There is no trigger “${id}” here.`, {
      hint: 'Define it in the setting planwright.triggers.',
    });
  }

  async receive(id: string, delivery: Delivery): Promise<TriggerAnswer> {
    if (this.#host) return this.#host.receive(id, delivery);
    const { unauthorized } = await import('../../workflow/triggers/webhook.ts');
    throw unauthorized();
  }

  /** Gives a webhook a new secret, in place of one it has. */
  async newSecret(id: string): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.#services.triggerSecrets.set(id, secret);
    return secret;
  }

  dispose(): void {
    this.#trust.dispose();
    this.#stop();
  }

  async #sync(): Promise<void> {
    const configured = vscode.workspace.getConfiguration('planwright').get<unknown>('triggers') ?? [];
    this.#problems = [];
    if (Array.isArray(configured) && configured.length === 0) return this.#stop();
    const { readTriggers } = await import('../../workflow/triggers/definition.ts');
    const { triggers, problems } = readTriggers(configured);
    const here = triggers.filter(({ workspace }) => isFor(workspace, this.#services.workspace.root, homedir()));
    const nowhere = triggers.filter(({ workspace }) => workspace === undefined);
    this.#problems = [
      ...problems,
      ...nowhere.map(
        ({ id }) => say`Trigger ${`“${id}”`}: ${'workspace'}: ${say`name the folder it is for, by its absolute path`}.`,
      ),
    ];
    if (here.length === 0) return this.#stop();
    if (!vscode.workspace.isTrusted) {
      this.#problems = [...this.#problems, vscode.l10n.t('Triggers are off while this folder is not trusted.')];
      return this.#stop();
    }
    this.#host ??= await this.#services.triggerHost(this.#feed, (text) => this.#log.info(text));
    this.#problems = [...this.#problems, ...(await this.#host.use(here))];
    for (const problem of this.#problems) this.#log.warn(problem);
    this.#unlisten();
    await this.#listen(this.#host, new Set(here.map(({ kind }) => kind)));
  }

  async #listen(host: TriggerHost, kinds: ReadonlySet<Trigger['kind']>): Promise<void> {
    const kindsOfEvents = ['file-saved', 'diagnostics', 'task-failed'] as const;
    if (kindsOfEvents.some((kind) => kinds.has(kind))) {
      const { editorEvents } = await import('./triggerEvents.ts');
      this.#listeners.push(...editorEvents(host, this.#services, kinds));
    }
    if (kinds.has('branch')) {
      const { watchBranches } = await import('../node/branchWatch.ts');
      const { store, workspace, triggerStore: memory } = this.#services;
      const stop = watchBranches(workspace.root, { store, memory }, (occurrence) => host.occurred(occurrence));
      this.#listeners.push(new vscode.Disposable(stop));
    }
  }

  #unlisten(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#listeners = [];
  }

  #stop(): void {
    this.#unlisten();
    this.#host?.dispose();
    this.#host = undefined;
  }
}
