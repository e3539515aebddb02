import { join } from 'node:path';
import * as vscode from 'vscode';
import { historyOfOthers } from './hosts/historyOfOthers.ts';
import { RunFeed } from './hosts/runFeed.ts';
import { Api } from './hosts/vscode/api.ts';
import { Hooks } from './hosts/vscode/hooks.ts';
import { Otlp } from './hosts/vscode/otlp.ts';
import { Services } from './hosts/vscode/services.ts';
import { readSettings } from './hosts/vscode/settings.ts';
import { Triggers } from './hosts/vscode/triggers.ts';
import { sampleFile, sampleInput } from './models/demo/sample.ts';
import type { Environment, FromPanel } from './protocol.ts';
import { AttemptPlans } from './views/attemptPlans.ts';
import type { ChatQuestion } from './views/chatParticipant.ts';
import { CheckpointChanges } from './views/checkpointChanges.ts';
import { Dashboard } from './views/dashboard.ts';
import { HunkComments } from './views/hunkComments.ts';
import { HunkLenses } from './views/hunkLenses.ts';
import { Panel } from './views/panel.ts';
import { PanelPlaces } from './views/panelPlaces.ts';
import { PlanEditor } from './views/planEditor.ts';
import { ProposalDiff } from './views/proposalDiff.ts';
import { ProposalFiles } from './views/proposalFiles.ts';
import { ProposalMargin } from './views/proposalMargin.ts';
import { ReportFiles } from './views/reportFiles.ts';
import type { TreeNode } from './views/runNodes.ts';
import { RunsTree } from './views/runsTree.ts';
import { SidebarSigns } from './views/sidebarSigns.ts';
import { StatusBar } from './views/statusBar.ts';
import { told, toldError } from './views/told.ts';
import type { Gate } from './workflow/engine/events.ts';
import { prune } from './workflow/engine/retention.ts';
import { asPlanwrightError, type PlanwrightError } from './workflow/errors.ts';
import { estimateCompletion } from './workflow/estimate.ts';
import type { DashboardData } from './workflow/metrics/dashboardData.ts';
import type { Input } from './workflow/schemas.ts';

/** How often to look for a run whose window has died, in milliseconds. */
const TAKE_OVER_MS = 2000;

/** What is done when somebody asks for it: the app knows who asks, not how it is done. */
export interface Actions {
  /** A command of package.json; `command` is its id without “planwright.”. */
  command(app: App, command: string, args: readonly unknown[]): Promise<unknown>;
  /** A button of the panel, which shows the run. */
  panelMessage(app: App, message: FromPanel, runId: string | null): Promise<unknown>;
  /** A question to `@planwright` in the chat. */
  chat(app: App, question: ChatQuestion, stream: vscode.ChatResponseStream): Promise<vscode.ChatResult>;
  exportDashboard(data: DashboardData): Promise<void>;
}

/** The services and the views over them. */
export class App implements vscode.Disposable {
  readonly feed: RunFeed;
  readonly panel: Panel;
  readonly dashboard: Dashboard;
  readonly tree: RunsTree;
  readonly files: ProposalFiles;
  readonly diff: ProposalDiff;
  readonly comments: HunkComments;
  readonly plans: AttemptPlans;
  readonly reports: ReportFiles;
  readonly checkpointChanges: CheckpointChanges;
  readonly planEditor: PlanEditor;
  readonly api: Api;
  readonly triggers: Triggers;
  readonly hooks: Hooks;
  readonly otlp: Otlp;
  readonly #actions: Actions;
  readonly #services: Services;
  readonly #history: ReturnType<typeof historyOfOthers>;
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables: vscode.Disposable[] = [];

  constructor(
    context: vscode.ExtensionContext,
    sidebar: vscode.TreeView<unknown>,
    treeChanged: vscode.EventEmitter<TreeNode[] | undefined>,
    filesChanged: vscode.EventEmitter<vscode.FileChangeEvent[]>,
    actions: Actions,
  ) {
    this.#actions = actions;
    this.#log = vscode.window.createOutputChannel('Planwright', { log: true });
    this.#services = new Services(
      context,
      (live) => this.panel.live(live),
      (runId, error) => this.#report(`${runId} could not be recorded`, error),
      (text) => this.#log.info(text),
    );
    const { store, book, workspace } = this.#services;
    this.feed = new RunFeed(store);
    this.#history = historyOfOthers(store, this.feed);
    this.panel = new Panel({
      store,
      feed: this.feed,
      extensionUri: context.extensionUri,
      places: new PanelPlaces(context.workspaceState),
      environment: (runId) => this.#environment(runId),
      handle: (message, runId) => this.#guarded(message.type, () => actions.panelMessage(this, message, runId)),
    });
    this.dashboard = new Dashboard({
      extensionUri: context.extensionUri,
      compute: (window) => this.#services.metrics.dashboard(window),
      onChange: (listener) => this.feed.onChange(listener),
      exportCsv: (data) => actions.exportDashboard(data),
      guarded: (what, work) => this.#guarded(what, work),
    });
    this.tree = new RunsTree(this.feed, treeChanged);
    this.files = new ProposalFiles(book, filesChanged);
    this.diff = new ProposalDiff(book, workspace);
    this.comments = new HunkComments(book);
    this.plans = new AttemptPlans(store);
    this.reports = new ReportFiles(store, this.feed, filesChanged);
    this.checkpointChanges = new CheckpointChanges(workspace.root);
    this.planEditor = new PlanEditor(join(this.#services.folder, 'plans'), () => workspace.listFiles());
    this.hooks = new Hooks(this.#services, this.#log, told);
    this.triggers = new Triggers(this.#services, this.feed, this.#log);
    this.api = new Api(this.#services, this.feed, this.#log, this.triggers);
    this.otlp = new Otlp(this.#services, this.#log, String(context.extension.packageJSON.version));
    const notify = this.feed.onChange((_view, { runId, attempt, event }) => {
      this.#log.info(`${runId} ${event.type}`);
      if (event.type === 'gate.opened' && event.gate.kind !== 'proposal') void this.#announceGate(runId, event.gate);
      if (event.type === 'workflow.completed' && this.#services.isActive(runId) && readSettings().openReport)
        void this.#guarded('report', () => this.reports.show(runId, attempt, { behind: true }));
      if (event.type === 'workflow.failed') void this.#announceFailure(runId, event.error);
      if (event.type === 'checkpoint.failed' || event.type === 'task.uncommitted' || event.type === 'branch.refused')
        void vscode.window.showWarningMessage(toldError(event.error));
      if (event.type === 'change.failed') this.comments.failed(event.hunkId, toldError(event.error));
      if (event.type === 'proposal.updated' && event.because === 'revised')
        for (const { id } of event.proposal.hunks) this.comments.close(id);
    });
    this.#disposables.push(
      this.#log,
      new StatusBar(this.feed),
      new SidebarSigns(this.feed, sidebar),
      new HunkLenses(book, this.feed),
      new ProposalMargin(this.feed, workspace),
      this.comments,
      this.plans,
      this.reports,
      this.checkpointChanges,
      this.planEditor,
      this.files,
      this.tree,
      this.panel,
      this.dashboard,
      this.feed,
      new vscode.Disposable(notify),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('planwright')) this.panel.refreshEnvironment();
        if (change.affectsConfiguration('planwright.hooks')) void this.#guarded('hooks', () => this.hooks.sync());
        if (change.affectsConfiguration('planwright.triggers'))
          void this.#guarded('triggers', () => this.triggers.sync());
        if (change.affectsConfiguration('planwright.http')) void this.#guarded('http', () => this.api.sync());
        if (change.affectsConfiguration('planwright.otlp')) void this.#guarded('otlp', () => this.otlp.sync());
      }),
      ...this.#watchFiles(),
      this.triggers,
      this.hooks,
      this.api,
      this.otlp,
      this.#services,
    );
  }

  /** What follows once everything listens: interrupted runs go on, damage is reported. */
  async opened(): Promise<void> {
    const { damage } = this.#services;
    if (damage) {
      const { rows } = damage.salvaged;
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'Planwright’s database of this workspace was damaged. {0} runs with {1} results could be read and are kept; the damaged file is {2}.',
          rows.runs ?? 0,
          rows.steps ?? 0,
          damage.setAside,
        ),
      );
    }
    this.#services.metrics.collect(); // What is removed stays in the figures.
    const removed = prune(this.#services.store, readSettings().keepDays, Date.now());
    for (const { id } of removed) void this.#guarded('checkpoints', () => this.#services.checkpoints.forget(id));
    if (removed.length > 0) {
      for (const { id, request } of removed)
        this.#log.info(`${id} removed, as planwright.history.keepDays says: ${request}`);
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('Planwright removed {0} old runs; the log names them.', removed.length),
        10_000,
      );
    }
    void this.#guarded('hooks', () => this.hooks.sync());
    void this.#guarded('triggers', () => this.triggers.sync());
    void this.#guarded('http', () => this.api.sync());
    void this.#guarded('otlp', () => this.otlp.sync());
    const takeOver = () => this.#guarded('resume', () => this.#services.resumeInterrupted());
    await takeOver();
    const timer = setInterval(takeOver, TAKE_OVER_MS);
    this.#disposables.push(new vscode.Disposable(() => clearInterval(timer)));
  }

  services(): Services {
    return this.#services;
  }

  showLog(): void {
    this.#log.show();
  }

  /** The run the panel shows, else the newest. */
  currentRun(): string | undefined {
    return this.panel.runId ?? this.feed.latest()?.runId;
  }

  /** The recorded request, where the open folder is the sample. */
  async sampleInput(): Promise<Input | undefined> {
    return (await this.#services.workspace.exists(sampleFile)) ? sampleInput : undefined;
  }

  /** Runs a command by its id; a failure is shown once, here. */
  async execute(command: string, args: readonly unknown[]): Promise<void> {
    await this.#guarded(command, () => this.#actions.command(this, command.replace('planwright.', ''), args));
  }

  /** Answers `@planwright` in the chat. */
  chat(question: ChatQuestion, stream: vscode.ChatResponseStream): Promise<vscode.ChatResult> {
    return this.#actions.chat(this, question, stream);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #environment(runId: string | null): Environment {
    return {
      model: this.#services.modelId(),
      hasFolder: true,
      active: runId !== null && this.#services.isActive(runId),
      elsewhere:
        runId !== null && !this.#services.isActive(runId) && this.#services.store.leaseOwner(runId) !== undefined,
      now: Date.now(),
      completion: runId === null ? null : this.#completion(runId),
      attempts: runId === null ? [] : this.#services.store.listAttempts(runId).map(({ attempt }) => attempt),
    };
  }

  #completion(runId: string): number | null {
    const view = this.feed.view(runId);
    // The history of the others is read only for a run that can make use of it.
    if (view?.status !== 'in_progress') return null;
    return estimateCompletion(view, this.#history(runId), Date.now(), readSettings().workflow.concurrency);
  }

  /** Proposals follow their files: saved, changed in an editor, or changed underneath by something else. */
  #watchFiles(): vscode.Disposable[] {
    const { workspace, book } = this.#services;
    const changed = (uri: vscode.Uri) => {
      const path = workspace.pathOf(uri);
      const latest = this.feed.latest();
      if (!path || !latest || latest.pendingHunks === 0) return;
      void this.#guarded('refresh', () => book.refreshPath(path, [latest.runId]));
    };
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    return [
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) changed(document.uri);
      }),
    ];
  }

  async #announceGate(runId: string, { title, question, held }: Gate): Promise<void> {
    const show = vscode.l10n.t('Show');
    const message = told(held ? `${title} ${question}` : title);
    if ((await vscode.window.showInformationMessage(`Planwright: ${message}`, show)) === show) this.panel.show(runId);
  }

  async #announceFailure(runId: string, error: { message: string; hint?: string }): Promise<void> {
    const show = vscode.l10n.t('Show');
    const resume = vscode.l10n.t('Resume');
    const answer = await vscode.window.showErrorMessage(toldError(error), resume, show);
    if (answer === show) this.panel.show(runId);
    if (answer === resume) await this.#guarded('resume', () => this.#services.resume(runId));
  }

  async #guarded(what: string, work: () => Promise<unknown> | unknown): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = asPlanwrightError(thrown);
      if (error.code !== 'CANCELLED') this.#report(what, error);
    }
  }

  #report(what: string, error: PlanwrightError): void {
    this.#log.error(`${what}: ${error.code} ${error.message}`, error.cause ?? '');
    void vscode.window.showErrorMessage(toldError(error));
  }
}
