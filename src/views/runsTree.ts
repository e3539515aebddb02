import * as vscode from 'vscode';
import type { RunFeed } from '../hosts/runFeed.ts';
import type { ProposalSummary } from '../workflow/engine/events.ts';
import type { RunView } from '../workflow/runState.ts';
import type { PhaseName, RunStatus, Task } from '../workflow/schemas.ts';
import { hasTasks, pendingIn, type TreeNode } from './runNodes.ts';
import { RunsOutline } from './runsOutline.ts';
import { actionWord, phaseStateWord, phaseWord, statusWord } from './stateWords.ts';

/** The sidebar: runs → phases → tasks → proposals. */
export class RunsTree implements vscode.Disposable {
  readonly #feed: RunFeed;
  readonly #outline: RunsOutline;

  constructor(feed: RunFeed, changed: vscode.EventEmitter<TreeNode[] | undefined>) {
    this.#feed = feed;
    this.#outline = new RunsOutline(feed, (nodes) => changed.fire(nodes));
  }

  getChildren(node?: unknown): readonly TreeNode[] {
    return this.#outline.children(node as TreeNode | undefined);
  }

  getTreeItem(node: unknown): vscode.TreeItem {
    const known = node as TreeNode;
    const view = this.#feed.view(known.runId);
    if (!view) return new vscode.TreeItem('');
    switch (known.kind) {
      case 'run':
        // Only the newest shows all it has: a history would push it out of sight.
        return runItem(view, view.runId === this.#feed.latest()?.runId);
      case 'phase':
        return phaseItem(view, known.phase);
      case 'task':
        return taskItem(
          view,
          view.plan?.tasks.find(({ id }) => id === known.taskId),
          known.taskId,
        );
      case 'proposal':
        return proposalItem(
          view,
          view.proposals.find(({ id }) => id === known.proposalId),
        );
    }
  }

  dispose(): void {
    this.#outline.dispose();
  }
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

const statusIcons: Record<RunStatus, string> = {
  queued: 'clock',
  in_progress: 'sync~spin',
  waiting: 'bell-dot',
  completed: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
};

function runItem(view: RunView, newest: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(
    view.plan?.title ?? firstLine(view.input?.request ?? view.runId),
    newest ? Expanded : Collapsed,
  );
  item.id = view.runId;
  item.description = view.paused ? vscode.l10n.t('paused') : statusWord(view.status);
  item.tooltip = view.trigger
    ? vscode.l10n.t('{0}\n\nStarted by the trigger {1}: {2}', view.input.request, view.trigger.id, view.trigger.cause)
    : view.input?.request;
  item.iconPath = new vscode.ThemeIcon(view.paused ? 'debug-pause' : statusIcons[view.status]);
  item.contextValue = view.paused ? 'run.paused' : `run.${view.status}`;
  item.command = { title: 'Open', command: 'planwright.openPanel', arguments: [{ kind: 'run', runId: view.runId }] };
  return item;
}

const stateIcons = {
  pending: 'circle-outline',
  active: 'sync~spin',
  running: 'sync~spin',
  done: 'pass',
  skipped: 'debug-step-over',
  failed: 'error',
  cancelled: 'circle-slash',
} as const;

function phaseItem(view: RunView, phase: PhaseName): vscode.TreeItem {
  const { state, score } = view.phases[phase];
  const opens = phase === 'implementation' && hasTasks(view);
  const item = new vscode.TreeItem(phaseWord(phase), opens ? Expanded : None);
  // VS Code leaves a node as open as it was: one that begins to have children is another, so that it shows them.
  item.id = `${view.runId}/${phase}${opens ? '/tasks' : ''}`;
  item.description =
    score === undefined ? phaseStateWord(state) : vscode.l10n.t('{0} · score {1}', phaseStateWord(state), score);
  item.iconPath = new vscode.ThemeIcon(stateIcons[state]);
  item.contextValue = 'phase';
  return item;
}

function taskItem(view: RunView, task: Task | undefined, taskId: string): vscode.TreeItem {
  const state = view.tasks[taskId]?.state ?? 'pending';
  const item = new vscode.TreeItem(`${taskId} ${task?.title ?? ''}`, Collapsed);
  item.id = `${view.runId}/${taskId}`;
  item.description = task?.requirements.join(', ') ?? '';
  item.tooltip = task?.description;
  item.iconPath = new vscode.ThemeIcon(stateIcons[state]);
  item.contextValue = `task.${state}`;
  return item;
}

function proposalItem(view: RunView, proposal: ProposalSummary | undefined): vscode.TreeItem {
  if (!proposal) return new vscode.TreeItem('');
  const pending = pendingIn(proposal);
  const item = new vscode.TreeItem(proposal.path, None);
  item.id = `${view.runId}/${proposal.id}`;
  item.description =
    pending > 0
      ? vscode.l10n.t('{0} · {1} to decide', actionWord(proposal.action), pending)
      : vscode.l10n.t('{0} · decided', actionWord(proposal.action));
  item.iconPath = new vscode.ThemeIcon(pending > 0 ? 'diff' : 'pass');
  item.contextValue = pending > 0 ? 'proposal.pending' : 'proposal.decided';
  item.tooltip = proposal.rationale;
  item.command = {
    title: 'Open',
    command: 'planwright.openProposal',
    arguments: [{ kind: 'proposal', runId: view.runId, proposalId: proposal.id }],
  };
  return item;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
