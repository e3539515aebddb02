import type { App } from '../app.ts';
import type { FromPanel } from '../protocol.ts';
import type { PhaseName } from '../workflow/schemas.ts';
import { chooseModel } from './chooseModel.ts';
import { editPlan, lintDraft } from './editPlan.ts';
import * as hunks from './hunks.ts';
import { keyOf, pending } from './manyProposals.ts';
import * as runControl from './runControl.ts';
import { start } from './start.ts';
import { actOnTask } from './taskControl.ts';

/** Does what the panel's buttons ask for. */
export async function onPanelMessage(app: App, message: FromPanel, runId: string | null): Promise<unknown> {
  const run = runId ?? undefined;
  switch (message.type) {
    case 'ready':
      return;
    case 'start':
      return start(app);
    case 'chooseModel':
      return chooseModel(app);
    case 'editPlan':
      return editPlan(app, run);
    case 'lintPlan':
      return run && lintDraft(app, run, message.number, message.plan);
    case 'cancel':
      return runControl.cancel(app, run);
    case 'pause':
      return runControl.pause(app, run);
    case 'showAttempt':
      return app.panel.showAttempt(message.attempt);
    case 'compareAttempts':
      return runControl.compareAttempts(app, run);
    case 'resume':
      return runControl.resume(app, run);
    case 'restart':
      return runControl.restart(app, run, message.from as PhaseName);
    case 'decide':
      if (!run) return;
      return app.services().decide(run, message.gateId, {
        choice: message.choice,
        ...(message.note ? { note: message.note } : {}),
        ...(message.data ? { data: message.data } : {}),
        by: 'developer',
      });
    case 'openProposal':
      return run && app.diff.open(keyOf(app, run, message.proposalId), message.hunkId);
    case 'openHunk': {
      const { proposalId, hunkId } = message;
      if (!run) return;
      return (await import('./openTraced.ts')).openHunk(app, {
        runId: run,
        attempt: app.panel.attempt,
        proposalId,
        hunkId,
      });
    }
    case 'openTest':
      return run && (await import('./openTraced.ts')).openTest(app, run, app.panel.attempt, message.path);
    case 'report': {
      const { showReport, exportReport } = await import('./report.ts');
      return (message.act === 'show' ? showReport : exportReport)(app, run, app.panel.attempt);
    }
    case 'decideProposal': {
      if (!run) return;
      const key = keyOf(app, run, message.proposalId);
      return message.decision === 'accept' ? hunks.acceptProposal(app, key) : hunks.rejectProposal(app, key);
    }
    case 'undoDecision':
      return run && hunks.undoDecision(app, { ...keyOf(app, run, message.proposalId), hunkId: message.hunkId });
    case 'pending':
      return run && pending(app, message.act, run, message.taskId);
    case 'task':
      return run && actOnTask(app, message.act, run, message.taskId);
    case 'openFile':
      return (await import('./openFile.ts')).openFile(app.services().workspace.uri(message.path), message.quote);
  }
}
