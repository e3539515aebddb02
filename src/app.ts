import { join } from 'node:path';
import * as vscode from 'vscode';
import { chooseModel } from './commands/chooseModel.ts';
import { editPlan, usePlan } from './commands/editPlan.ts';
import { exportPlan } from './commands/exportPlan.ts';
import * as hunks from './commands/hunks.ts';
import { acceptPending, openTaskChanges, rejectPending } from './commands/manyProposals.ts';
import * as runControl from './commands/runControl.ts';
import { forgetApiKey, setApiKey } from './commands/setApiKey.ts';
import { start } from './commands/start.ts';
import { Services } from './hosts/vscode/services.ts';
import { readSettings } from './hosts/vscode/settings.ts';
import { sampleFile, sampleInput } from './models/demo/sample.ts';
import type { Environment, FromPanel } from './protocol.ts';
import { AttemptPlans } from './views/attemptPlans.ts';
import { HunkComments } from './views/hunkComments.ts';
import { HunkLenses, type HunkTarget } from './views/hunkLenses.ts';
import { Panel } from './views/panel.ts';
import { PlanEditor } from './views/planEditor.ts';
import { ProposalDiff } from './views/proposalDiff.ts';
import { ProposalFiles } from './views/proposalFiles.ts';
import type { ProposalKey } from './views/proposalUri.ts';
import { RunFeed } from './views/runFeed.ts';
import { RunsTree, type TreeNode } from './views/runsTree.ts';
import { StatusBar } from './views/statusBar.ts';
import type { Gate } from './workflow/engine/events.ts';
import { prune } from './workflow/engine/retention.ts';
import { asPlanwrightError, PlanwrightError } from './workflow/errors.ts';
import { durationHistory, estimateCompletion } from './workflow/estimate.ts';
import type { Input, PhaseName } from './workflow/schemas.ts';

/** How often to look for a run whose window has died, in milliseconds. */
const TAKE_OVER_MS = 2000;

/**
 * Everything that activation puts off: the services, the views over them, and the commands. It is the one
 * place that knows all three.
 */
export async function openApp(
  context: vscode.ExtensionContext,
  treeChanged: vscode.EventEmitter<undefined>,
  filesChanged: vscode.EventEmitter<vscode.FileChangeEvent[]>,
): Promise<App> {
  const app = new App(context, treeChanged, filesChanged);
  await app.opened();
  return app;
}

export class App implements vscode.Disposable {
  readonly feed: RunFeed;
  readonly panel: Panel;
  readonly tree: RunsTree;
  readonly files: ProposalFiles;
  readonly diff: ProposalDiff;
  readonly comments: HunkComments;
  readonly plans: AttemptPlans;
  readonly planEditor: PlanEditor;
  readonly #services: Services;
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables: vscode.Disposable[] = [];

  constructor(
    context: vscode.ExtensionContext,
    treeChanged: vscode.EventEmitter<undefined>,
    filesChanged: vscode.EventEmitter<vscode.FileChangeEvent[]>,
  ) {
    this.#log = vscode.window.createOutputChannel('Planwright', { log: true });
    this.#services = new Services(
      context,
      (live) => this.panel.live(live),
      (runId, error) => this.#report(`${runId} could not be recorded`, error),
    );
    const { store, book, workspace } = this.#services;
    this.feed = new RunFeed(store);
    this.panel = new Panel({
      store,
      feed: this.feed,
      extensionUri: context.extensionUri,
      environment: (runId) => this.#environment(runId),
      handle: (message, runId) => this.#guarded(message.type, () => this.#onPanelMessage(message, runId)),
    });
    this.tree = new RunsTree(this.feed, treeChanged);
    this.files = new ProposalFiles(book, filesChanged);
    this.diff = new ProposalDiff(book, workspace);
    this.comments = new HunkComments(book);
    this.plans = new AttemptPlans(store);
    this.planEditor = new PlanEditor(join(this.#services.folder, 'plans'), () => workspace.listFiles());
    const notify = this.feed.onChange((_view, { runId, event }) => {
      this.#log.info(`${runId} ${event.type}`);
      if (event.type === 'gate.opened' && event.gate.kind !== 'proposal') void this.#announceGate(runId, event.gate);
      if (event.type === 'workflow.failed') void this.#announceFailure(runId, event.error);
      if (event.type === 'change.failed')
        this.comments.failed(event.hunkId, [event.error.message, event.error.hint].filter(Boolean).join(' '));
      if (event.type === 'proposal.updated' && event.because === 'revised')
        for (const { id } of event.proposal.hunks) this.comments.close(id);
    });
    this.#disposables.push(
      this.#log,
      new StatusBar(this.feed),
      new HunkLenses(book),
      this.comments,
      this.plans,
      this.planEditor,
      this.files,
      this.tree,
      this.panel,
      this.feed,
      new vscode.Disposable(notify),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('planwright')) this.panel.refreshEnvironment();
      }),
      ...this.#watchFiles(),
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
    const removed = prune(this.#services.store, readSettings().keepDays, Date.now());
    if (removed.length > 0) {
      for (const { id, request } of removed)
        this.#log.info(`${id} removed, as planwright.history.keepDays says: ${request}`);
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('Planwright removed {0} old runs; the log names them.', removed.length),
        10_000,
      );
    }
    const takeOver = () => this.#guarded('resume', () => this.#services.resumeInterrupted());
    await takeOver();
    const timer = setInterval(takeOver, TAKE_OVER_MS);
    this.#disposables.push(new vscode.Disposable(() => clearInterval(timer)));
  }

  services(): Services {
    return this.#services;
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
    await this.#guarded(command, () => this.#dispatch(command.replace('planwright.', ''), args));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #dispatch(command: string, [first, second]: readonly unknown[]): Promise<unknown> {
    const node = isTreeNode(first) ? first : undefined;
    switch (command) {
      case 'start':
        return start(this);
      case 'openPanel':
        return this.panel.show(node?.runId);
      case 'decide':
        return runControl.decide(this, node?.runId);
      case 'plan.edit':
        return editPlan(this, node?.runId);
      case 'plan.use':
        return usePlan(this);
      case 'plan.export':
        return exportPlan(this, node?.runId);
      case 'cancel':
        return runControl.cancel(this, node?.runId);
      case 'pause':
        return runControl.pause(this, node?.runId);
      case 'resume':
        return runControl.resume(this, node?.runId);
      case 'restart':
        return runControl.restart(this, node?.runId);
      case 'compareAttempts':
        return runControl.compareAttempts(this, node?.runId);
      case 'deleteRun':
        return runControl.remove(this, node?.runId);
      case 'chooseModel':
        return chooseModel(this);
      case 'setApiKey':
        return setApiKey(this);
      case 'forgetApiKey':
        return forgetApiKey(this);
      case 'showLog':
        return this.#log.show();
      case 'openProposal':
        return node?.kind === 'proposal'
          ? this.diff.open(this.#keyOf(node.runId, node.proposalId))
          : this.diff.go(1, this.currentRun() ?? null);
      case 'hunk.accept':
        return hunks.acceptHunk(this, targetOf(first));
      case 'hunk.reject':
        return hunks.rejectHunk(this, targetOf(first));
      case 'hunk.askForChange':
        return hunks.askForChange(this, targetOf(first));
      case 'hunk.sendFeedback':
        return hunks.sendFeedback(this, first as vscode.CommentReply);
      case 'hunk.resolve':
        return hunks.resolveConflict(this, first as HunkTarget, second as 'proposed' | 'current');
      case 'hunk.showConflict':
        return hunks.showConflict(this, first as HunkTarget);
      case 'hunk.next':
        return this.diff.go(1, this.currentRun() ?? null);
      case 'hunk.previous':
        return this.diff.go(-1, this.currentRun() ?? null);
      case 'pending.open':
      case 'pending.accept':
      case 'pending.reject':
        return this.#pending(
          command.replace('pending.', '') as 'open' | 'accept' | 'reject',
          node?.runId ?? this.currentRun(),
          node?.kind === 'task' ? node.taskId : undefined,
        );
      case 'proposal.accept':
        return hunks.acceptProposal(this, this.#proposalOf(node));
      case 'proposal.reject':
        return hunks.rejectProposal(this, this.#proposalOf(node));
      default:
        throw new PlanwrightError('INTERNAL', `Nothing answers the command planwright.${command}.`);
    }
  }

  async #onPanelMessage(message: FromPanel, runId: string | null): Promise<unknown> {
    const run = runId ?? undefined;
    switch (message.type) {
      case 'ready':
        return;
      case 'start':
        return start(this);
      case 'chooseModel':
        return chooseModel(this);
      case 'editPlan':
        return editPlan(this, run);
      case 'cancel':
        return runControl.cancel(this, run);
      case 'pause':
        return runControl.pause(this, run);
      case 'showAttempt':
        return this.panel.showAttempt(message.attempt);
      case 'compareAttempts':
        return runControl.compareAttempts(this, run);
      case 'resume':
        return runControl.resume(this, run);
      case 'restart':
        return runControl.restart(this, run, message.from as PhaseName);
      case 'decide':
        if (!run) return;
        return this.#services.decide(run, message.gateId, {
          choice: message.choice,
          ...(message.note ? { note: message.note } : {}),
          by: 'developer',
        });
      case 'openProposal':
        return run && this.diff.open(this.#keyOf(run, message.proposalId), message.hunkId);
      case 'decideProposal': {
        if (!run) return;
        const key = this.#keyOf(run, message.proposalId);
        return message.decision === 'accept' ? hunks.acceptProposal(this, key) : hunks.rejectProposal(this, key);
      }
      case 'pending':
        return run && this.#pending(message.act, run, message.taskId);
      case 'openFile':
        return vscode.window.showTextDocument(this.#services.workspace.uri(message.path));
    }
  }

  #pending(act: 'open' | 'accept' | 'reject', runId: string | undefined, taskId?: string): Promise<void> | undefined {
    if (!runId) return undefined;
    const scope = { runId, ...(taskId === undefined ? {} : { taskId }) };
    if (act === 'open') return openTaskChanges(this, scope);
    return act === 'accept' ? acceptPending(this, scope) : rejectPending(this, scope);
  }

  #keyOf(runId: string, proposalId: string): ProposalKey {
    return { runId, attempt: this.feed.view(runId)?.attempt ?? 1, proposalId };
  }

  #proposalOf(node: TreeNode | undefined): ProposalKey | undefined {
    return node?.kind === 'proposal' ? this.#keyOf(node.runId, node.proposalId) : undefined;
  }

  #environment(runId: string | null): Environment {
    return {
      model: this.#services.modelId(),
      hasFolder: true,
      active: runId !== null && this.#services.isActive(runId),
      now: Date.now(),
      completion: runId === null ? null : this.#completion(runId),
      attempts: runId === null ? [] : this.#services.store.listAttempts(runId).map(({ attempt }) => attempt),
    };
  }

  #completion(runId: string): number | null {
    const view = this.feed.view(runId);
    if (!view) return null;
    const history = durationHistory(this.feed.all().filter((other) => other.runId !== runId));
    return estimateCompletion(view, history, Date.now(), readSettings().workflow.concurrency);
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
    const message = held ? `${title} ${question}` : title;
    if ((await vscode.window.showInformationMessage(`Planwright: ${message}`, show)) === show) this.panel.show(runId);
  }

  async #announceFailure(runId: string, error: { message: string; hint?: string }): Promise<void> {
    const show = vscode.l10n.t('Show');
    const resume = vscode.l10n.t('Resume');
    const answer = await vscode.window.showErrorMessage(
      [error.message, error.hint].filter(Boolean).join(' '),
      resume,
      show,
    );
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
    void vscode.window.showErrorMessage([error.message, error.hint].filter(Boolean).join(' '));
  }
}

function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'runId' in value;
}

/** A lens passes the hunk; keys and menus pass nothing, or the editor's address. */
function targetOf(value: unknown): HunkTarget | undefined {
  return typeof value === 'object' && value !== null && 'hunkId' in value ? (value as HunkTarget) : undefined;
}
