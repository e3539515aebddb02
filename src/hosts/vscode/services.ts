import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import * as vscode from 'vscode';
import { createModels, keyOriginOf } from '../../models/factory.ts';
import { parseModelId } from '../../models/modelId.ts';
import type { Probed } from '../../models/probe.ts';
import { mapProviderError } from '../../models/providerErrors.ts';
import { Budget } from '../../workflow/agents/budget.ts';
import { ProposalBook } from '../../workflow/edits/proposalBook.ts';
import { isSettled } from '../../workflow/edits/review.ts';
import { type Damage, openDatabase } from '../../workflow/engine/database.ts';
import type { Decision, Gate, LiveEvent } from '../../workflow/engine/events.ts';
import { idempotencyKeys } from '../../workflow/engine/idempotency.ts';
import { Runner } from '../../workflow/engine/runner.ts';
import { Statements } from '../../workflow/engine/statements.ts';
import { Store } from '../../workflow/engine/store.ts';
import { PlanwrightError } from '../../workflow/errors.ts';
import type { Outbox } from '../../workflow/hooks/outbox.ts';
import { Metrics } from '../../workflow/metrics/metrics.ts';
import { beforeFirstWrite } from '../../workflow/phases/checkpoint.ts';
import type { WorkflowPorts } from '../../workflow/phases/context.ts';
import type { EditorProblems, Models } from '../../workflow/ports.ts';
import { checkWeights } from '../../workflow/review/criteria.ts';
import type { Input, Output, PhaseName } from '../../workflow/schemas.ts';
import type { TraceOutbox } from '../../workflow/telemetry/traceOutbox.ts';
import { TriggerStore } from '../../workflow/triggers/triggerStore.ts';
import { say } from '../../workflow/words/say.ts';
import type { RunService } from '../http/runService.ts';
import { CapabilitiesFile } from '../node/capabilitiesFile.ts';
import type { NodeChecks } from '../node/checks/checkRunner.ts';
import { RememberedChecks } from '../node/checks/rememberedChecks.ts';
import { cacheKeyOf, databasePath } from '../node/databasePath.ts';
import { GitCommits } from '../node/git/commits.ts';
import { RunCheckpoints } from '../node/git/runCheckpoints.ts';
import { LearnedFile } from '../node/learnedFile.ts';
import { processOwner } from '../node/owner.ts';
import { systemClock } from '../node/systemClock.ts';
import type { RunFeed } from '../runFeed.ts';
import type { TriggerHost } from '../triggers/triggerHost.ts';
import { editorFetch } from './editorFetch.ts';
import { EditorModels } from './editorModels/editorModels.ts';
import { Keys } from './keys.ts';
import { readSettings } from './settings.ts';
import { VscodeWorkspace } from './vscodeWorkspace.ts';

/** Where a run lives inside VS Code: the workflow's ports wired to the editor, and the commands' way to it. */
export class Services implements vscode.Disposable {
  readonly workspace: VscodeWorkspace;
  readonly store: Store;
  readonly book: ProposalBook;
  readonly keys: Keys;
  /** Of webhooks, by the trigger's id. */
  readonly triggerSecrets: Keys;
  /** Of outbound hooks, by the hook's id. */
  readonly hookSecrets: Keys;
  /** What triggers did and remember. */
  readonly triggerStore: TriggerStore;
  /** What an OTLP receiver asks for, by its origin. */
  readonly otlpHeaders: Keys;
  readonly editorModels: EditorModels;
  /** `fetch` with the proxies and certificates that the editor is configured with. */
  readonly fetch = editorFetch();
  /** What is known of models and their servers. */
  readonly capabilities: CapabilitiesFile;
  readonly #onNote: (text: string) => void;
  readonly learned: LearnedFile;
  readonly metrics: Metrics;
  /** Where what belongs to this workspace is kept. */
  readonly folder: string;
  /** What happened to a database that was damaged on opening. */
  readonly damage: Damage | undefined;
  readonly #runner: Runner<Output>;
  /** The workspace's own checks, run in scratch copies of it, and which are allowed. */
  readonly checks: RememberedChecks;
  /** What the editor says of files as they might be. */
  readonly problems: EditorProblems = {
    find: async (paths, files, signal) => {
      const { CopyProblems } = await import('./problems/copyProblems.ts');
      return new CopyProblems(() => this.#scratchChecks()).find(paths, files, signal);
    },
  };
  #copies: NodeChecks | undefined;
  readonly checkpoints: RunCheckpoints;
  readonly #db: DatabaseSync;

  /** @throws PlanwrightError NO_FOLDER | NO_SQLITE | NEWER_DATABASE */
  constructor(
    context: vscode.ExtensionContext,
    onLive: (live: LiveEvent) => void,
    onUnrecorded: (runId: string, error: PlanwrightError) => void,
    onNote: (text: string) => void = () => {},
  ) {
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder?.uri.scheme !== 'file') {
      throw new PlanwrightError('NO_FOLDER', 'No folder is open.', {
        hint: 'Open the folder you want to change, then start again.',
      });
    }
    const database = databasePath(context.globalStorageUri.fsPath, folder.uri.fsPath);
    this.folder = dirname(database);
    const opened = openDatabase(database);
    this.damage = opened.damage;
    this.#db = opened.db;
    this.workspace = new VscodeWorkspace(folder);
    this.store = new Store(opened.db, systemClock);
    this.metrics = new Metrics(opened.db, this.store, systemClock, () => readSettings().rawDays);
    this.checkpoints = new RunCheckpoints({
      workspace: this.workspace,
      store: this.store,
      temp: join(this.folder, 'checkpoints'),
      restricted: () =>
        vscode.workspace.isTrusted
          ? null
          : vscode.l10n.t('There are no checkpoints in a workspace that is not trusted.'),
      enabled: () => readSettings().checkpoints,
    });
    const beforeWrite = beforeFirstWrite(this.store, this.checkpoints);
    this.book = new ProposalBook(this.store, this.workspace, processOwner(), beforeWrite);
    this.learned = new LearnedFile(this.folder, this.store);
    this.checks = new RememberedChecks(
      join(this.folder, 'checks.json'),
      () => (vscode.workspace.isTrusted ? null : say`No command runs in a workspace that is not trusted.`),
      () => this.#scratchChecks(),
    );
    this.keys = new Keys(context.secrets);
    this.triggerSecrets = new Keys(context.secrets, 'planwright.trigger');
    this.hookSecrets = new Keys(context.secrets, 'planwright.hook');
    this.triggerStore = new TriggerStore(new Statements(opened.db), systemClock);
    this.otlpHeaders = new Keys(context.secrets, 'planwright.otlpHeaders');
    this.capabilities = new CapabilitiesFile(context.globalStorageUri.fsPath);
    this.#onNote = onNote;
    this.editorModels = new EditorModels(context.languageModelAccessInformation);
    this.#runner = new Runner<Output>({
      store: this.store,
      clock: systemClock,
      ownerId: `${vscode.env.sessionId}-${process.pid}`,
      // With it come the agents and the AI SDK: only a run needs them.
      workflow: async (run, input) => {
        const { implementationWorkflow } = await import('../../workflow/workflow.ts');
        return implementationWorkflow(run, input, this.#ports());
      },
      onLive,
      onUnrecorded,
    });
  }

  modelId(): string | null {
    return readSettings().modelId;
  }

  /** Where the chosen model's key is sent; undefined when it needs none. */
  keyOrigin(): string | undefined {
    const { modelId, baseUrl } = readSettings();
    return keyOriginOf(modelId, baseUrl);
  }

  /**
   * Tries the chosen model with one tiny request. What its server refuses of it is learned anew.
   * @throws PlanwrightError what the model's failure means
   */
  async tryModel(signal: AbortSignal): Promise<Probed> {
    const { modelId, baseUrl } = readSettings();
    const id = parseModelId(modelId);
    if (id.provider === 'openai-compatible' && baseUrl !== undefined) {
      this.capabilities.set(new URL(baseUrl).href.replace(/\/+$/, ''), id.model, {
        refused: [],
        at: systemClock.now(),
      });
    }
    const { probe } = await import('../../models/probe.ts');
    try {
      return await probe(await this.#models({}).for('planner'), signal, () => systemClock.now());
    } catch (error) {
      throw mapProviderError(error);
    }
  }

  /** The run that is going on in this window, if one is. */
  running(): string | undefined {
    return this.store.listRuns().find(({ id }) => this.#runner.active(id))?.id;
  }

  isActive(runId: string): boolean {
    return this.#runner.active(runId);
  }

  /** @throws PlanwrightError INVALID_INPUT when the review's weights cannot be used */
  start(input: Input): { readonly id: string; readonly done: Promise<void> } {
    checkWeights(readSettings().workflow.weights);
    return this.#runner.start(input, { model: this.modelId() ?? '', workspace: this.workspace.name });
  }

  async resume(runId: string): Promise<void> {
    await this.book.recover(runId);
    this.#runner.resume(runId);
  }

  cancel(runId: string): Promise<void> {
    return this.#runner.cancel(runId);
  }

  pause(runId: string): Promise<void> {
    return this.#runner.pause(runId);
  }

  async restart(runId: string, from: PhaseName, source?: number): Promise<void> {
    await this.#runner.restart(runId, from, source);
  }

  async remove(runId: string): Promise<void> {
    if (this.#runner.active(runId)) await this.#runner.cancel(runId);
    this.metrics.collect();
    await this.checkpoints.forget(runId);
    this.store.deleteRun(runId);
  }

  decide(runId: string, gateId: string, decision: Decision): void {
    this.#runner.decide(runId, gateId, decision);
  }

  openProposalGate(target: {
    readonly runId: string;
    readonly attempt: number;
    readonly proposalId: string;
  }): Gate | undefined {
    if (!this.#runner.active(target.runId)) return undefined;
    return this.store
      .openGates(target.runId, target.attempt)
      .find(({ proposalId }) => proposalId === target.proposalId);
  }

  /** Picks up what a reload or a crash interrupted. */
  async resumeInterrupted(): Promise<void> {
    for (const { id } of this.#runner.interrupted()) await this.resume(id);
  }

  dispose(): void {
    void this.#runner.stop().finally(() => {
      void this.checkpoints.dispose();
      this.book.dispose();
      this.#db.close();
    });
  }

  /** The files that pending proposals of a run would change, as all of them together leave them. */
  async pendingFiles(runId: string): Promise<Map<string, string | null>> {
    const pending = this.book.latest(runId).filter(({ state }) => !isSettled(state));
    const taskIds = [...new Set(pending.map(({ state }) => state.taskId))];
    const files = new Map<string, string | null>();
    for (const { attempt, state } of pending) {
      for (const path of state.from === undefined ? [state.path] : [state.from, state.path]) {
        files.set(path, (await this.book.read(runId, attempt, taskIds, path))?.text ?? null);
      }
    }
    return files;
  }

  /** Traces of this workspace's runs, to be sent on. */
  async traceOutbox(): Promise<TraceOutbox> {
    const { TraceOutbox } = await import('../../workflow/telemetry/traceOutbox.ts');
    return new TraceOutbox(this.#db, this.store, systemClock);
  }

  /** What outbound hooks are to be told. */
  async hookOutbox(): Promise<Outbox> {
    const { Outbox: New } = await import('../../workflow/hooks/outbox.ts');
    return new New(new Statements(this.#db), this.store, systemClock);
  }

  /** What turns triggers into runs here. One run at a time: the others wait. */
  async triggerHost(feed: RunFeed, log: (text: string) => void): Promise<TriggerHost> {
    const { TriggerHost: Host } = await import('../triggers/triggerHost.ts');
    return new Host({
      store: this.store,
      memory: this.triggerStore,
      clock: systemClock,
      feed,
      workspace: this.workspace,
      book: this.book,
      runner: this.#runner,
      start: (input, trigger, alongside) => {
        checkWeights(readSettings().workflow.weights);
        const model = this.modelId();
        if (!model)
          throw new PlanwrightError('NO_MODEL', 'no model is chosen', { hint: 'Choose one, then try again.' });
        return this.#runner.start(input, { model, workspace: this.workspace.name, trigger }, alongside).id;
      },
      secret: (id) => this.triggerSecrets.get(id),
      log,
    });
  }

  /** What the HTTP API works on. One run at a time, as in the editor. */
  async runService(feed: RunFeed): Promise<RunService> {
    const { storeRunService } = await import('../http/storeRunService.ts');
    return storeRunService({
      store: this.store,
      runner: this.#runner,
      feed,
      book: this.book,
      keys: idempotencyKeys(this.#db, systemClock),
      clock: systemClock,
      about: () => {
        if (this.running()) {
          throw new PlanwrightError('CONFLICT', 'A workflow is running in this workspace.', {
            hint: 'Wait until it ends, or cancel it, then start another.',
          });
        }
        checkWeights(readSettings().workflow.weights);
        return { model: this.modelId() ?? '', workspace: this.workspace.name };
      },
      concurrency: () => readSettings().workflow.concurrency,
    });
  }

  /** One for all that is checked in scratch copies: they take turns. */
  async #scratchChecks(): Promise<NodeChecks> {
    const { NodeChecks: Scratch } = await import('../node/checks/checkRunner.ts');
    this.#copies ??= new Scratch({ workspace: this.workspace.root, temp: join(this.folder, 'scratch') });
    return this.#copies;
  }

  #commits(): GitCommits {
    return new GitCommits(this.workspace.root, (branch, runId) => this.store.own.began(branch, runId));
  }

  #ports(): WorkflowPorts {
    const { workflow, retry, idleTimeoutMs, contextTokens, limits, prices } = readSettings();
    return {
      workspace: this.workspace,
      proposals: this.book,
      learned: this.learned,
      checkpoints: this.checkpoints,
      ...(vscode.workspace.isTrusted ? { commits: this.#commits(), editor: this.problems } : {}),
      checks: this.checks,
      settings: workflow,
      retry,
      idleTimeoutMs,
      contextTokens,
      clock: systemClock,
      mapError: mapProviderError,
      budget: new Budget(limits, prices, this.store),
      models: { label: this.modelId() ?? '', for: (agent) => this.#models().for(agent) },
    };
  }

  /** As the settings are now. */
  #models(agentModels = readSettings().agentModels): Models {
    const { modelId, modelParameters, baseUrl, idleTimeoutMs, demoSpeed } = readSettings();
    return createModels({
      modelId,
      agentModels,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      apiKey: (origin) => this.keys.get(origin),
      timeoutMs: idleTimeoutMs,
      demoSpeed,
      clock: systemClock,
      fetch: this.fetch,
      editorModel: (id) => this.editorModels.model(id),
      parameters: modelParameters,
      memory: this.capabilities,
      onLearned: this.#onNote,
      cacheKey: cacheKeyOf(this.workspace.root),
    });
  }
}
