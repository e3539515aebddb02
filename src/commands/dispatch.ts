import type * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { HunkTarget } from '../views/hunkLenses.ts';
import type { ProposalKey } from '../views/proposalUri.ts';
import type { TreeNode } from '../views/runNodes.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { chooseModel } from './chooseModel.ts';
import { copyApiAddress } from './copyApiAddress.ts';
import { editPlan, usePlan } from './editPlan.ts';
import { exportPlan } from './exportPlan.ts';
import * as hunks from './hunks.ts';
import { importPlan } from './importPlan.ts';
import { keyOf, pending } from './manyProposals.ts';
import { restoreCheckpoint } from './restoreCheckpoint.ts';
import { runChecks } from './runChecks.ts';
import * as runControl from './runControl.ts';
import { forgetApiKey, setApiKey } from './setApiKey.ts';
import { setOtlpHeaders } from './setOtlpHeaders.ts';
import { showDeliveries } from './showDeliveries.ts';
import { showLearned } from './showLearned.ts';
import { showTriggers } from './showTriggers.ts';
import { start } from './start.ts';
import { startFromMarkdown, startFromSelection, startFromTodo } from './startFrom.ts';
import { actOnTask } from './taskControl.ts';

/** Does what a command of package.json says. `command` is its id without “planwright.”. */
export async function dispatch(app: App, command: string, [first, second]: readonly unknown[]): Promise<unknown> {
  const node = isTreeNode(first) ? first : undefined;
  switch (command) {
    case 'start':
      return start(app);
    case 'startFromSelection':
      return startFromSelection(app);
    case 'startFromMarkdown':
      return startFromMarkdown(app, first as vscode.Uri | undefined);
    case 'startFromTodo':
      return startFromTodo(app, first as vscode.Uri | undefined, second as number | undefined);
    case 'startFromTemplate':
      return (await import('./templates.ts')).startFromTemplate(app);
    case 'plan.import':
      return importPlan(app, first as vscode.Uri | undefined);
    case 'plan.saveAsTemplate':
      return (await import('./templates.ts')).saveAsTemplate(app, node?.runId);
    case 'openPanel':
      return app.panel.show(node?.runId);
    case 'report.show':
      return (await import('./report.ts')).showReport(app, node?.runId);
    case 'report.export':
      return (await import('./report.ts')).exportReport(app, node?.runId);
    case 'showRequirement':
      return app.panel.show((first as HunkTarget).runId, second as string);
    case 'dashboard':
      return app.dashboard.show();
    case 'decide':
      return runControl.decide(app, node?.runId);
    case 'plan.edit':
      return editPlan(app, node?.runId);
    case 'plan.use':
      return usePlan(app);
    case 'plan.export':
      return exportPlan(app, node?.runId);
    case 'cancel':
      return runControl.cancel(app, node?.runId);
    case 'pause':
      return runControl.pause(app, node?.runId);
    case 'resume':
      return runControl.resume(app, node?.runId);
    case 'restart':
      return runControl.restart(app, node?.runId);
    case 'compareAttempts':
      return runControl.compareAttempts(app, node?.runId);
    case 'restoreCheckpoint':
      return restoreCheckpoint(app, node?.runId);
    case 'deleteRun':
      return runControl.remove(app, node?.runId);
    case 'task.cancel':
    case 'task.retry':
    case 'task.skip':
      return actOnTask(
        app,
        command.replace('task.', '') as 'cancel' | 'retry' | 'skip',
        node?.runId,
        node?.kind === 'task' ? node.taskId : undefined,
      );
    case 'chooseModel':
      return chooseModel(app);
    case 'setApiKey':
      return setApiKey(app);
    case 'forgetApiKey':
      return forgetApiKey(app);
    case 'http.copyAddress':
      return copyApiAddress(app);
    case 'otlp.setHeaders':
      return setOtlpHeaders(app);
    case 'runChecks':
      return runChecks(app, node?.runId);
    case 'showLearned':
      return showLearned(app);
    case 'hooks.show':
      return showDeliveries(app);
    case 'triggers.show':
      return showTriggers(app);
    case 'searchRuns':
      return (await import('./searchRuns.ts')).searchRuns(app);
    case 'showLog':
      return app.showLog();
    case 'openProposal':
      return node?.kind === 'proposal'
        ? app.diff.open(keyOf(app, node.runId, node.proposalId))
        : app.diff.go(1, app.currentRun() ?? null);
    case 'hunk.accept':
      return hunks.acceptHunk(app, targetOf(first));
    case 'hunk.reject':
      return hunks.rejectHunk(app, targetOf(first));
    case 'hunk.askForChange':
      return hunks.askForChange(app, targetOf(first));
    case 'hunk.sendFeedback':
      return hunks.sendFeedback(app, first as vscode.CommentReply);
    case 'hunk.undo':
      return hunks.undoDecision(app, targetOf(first));
    case 'hunk.rejectWithReason':
      return hunks.rejectWithReason(app, first as vscode.CommentReply);
    case 'hunk.resolve':
      return hunks.resolveConflict(app, first as HunkTarget, second as 'proposed' | 'current');
    case 'hunk.showConflict':
      return hunks.showConflict(app, first as HunkTarget);
    case 'hunk.next':
      return app.diff.go(1, app.currentRun() ?? null);
    case 'hunk.previous':
      return app.diff.go(-1, app.currentRun() ?? null);
    case 'pending.open':
    case 'pending.accept':
    case 'pending.reject':
      return pending(
        app,
        command.replace('pending.', '') as 'open' | 'accept' | 'reject',
        node?.runId ?? app.currentRun(),
        node?.kind === 'task' ? node.taskId : undefined,
      );
    case 'proposal.accept':
      return hunks.acceptProposal(app, proposalOf(app, node));
    case 'proposal.reject':
      return hunks.rejectProposal(app, proposalOf(app, node));
    default:
      throw new PlanwrightError('INTERNAL', `Nothing answers the command planwright.${command}.`);
  }
}

function proposalOf(app: App, node: TreeNode | undefined): ProposalKey | undefined {
  return node?.kind === 'proposal' ? keyOf(app, node.runId, node.proposalId) : undefined;
}

function isTreeNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'runId' in value;
}

/** A lens passes the hunk; keys and menus pass nothing, or the editor's address. */
function targetOf(value: unknown): HunkTarget | undefined {
  return typeof value === 'object' && value !== null && 'hunkId' in value ? (value as HunkTarget) : undefined;
}
