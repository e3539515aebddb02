import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { ownLanguage } from '../views/told.ts';
import { textHash } from '../workflow/edits/hash.ts';
import { PlanwrightError } from '../workflow/errors.ts';
import { fileName } from '../workflow/planMarkdown.ts';
import { reportMarkdown } from '../workflow/runReport/reportMarkdown.ts';
import { runReport } from '../workflow/runReport/runReport.ts';
import { pickAttempt } from './runControl.ts';

/** A run’s report: shown, and written where the developer says. */

export async function showReport(app: App, runId?: string, attempt?: number): Promise<void> {
  const chosen = await whichAttempt(app, runId, attempt);
  if (chosen) await app.reports.show(chosen.runId, chosen.attempt);
}

export async function exportReport(app: App, runId?: string, attempt?: number): Promise<void> {
  const chosen = await whichAttempt(app, runId, attempt);
  if (!chosen) return;
  const format = await vscode.window.showQuickPick(
    [
      { label: 'Markdown', description: vscode.l10n.t('for people'), ending: 'md' },
      { label: 'JSON', description: vscode.l10n.t('for programs'), ending: 'json' },
    ],
    { title: vscode.l10n.t('Export report…') },
  );
  if (!format) return;
  const report = runReport(app.reports.view(chosen.runId, chosen.attempt));
  const name = `${fileName(report.title ?? 'report')}.report.${format.ending}`;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export report…'),
    defaultUri: app.services().workspace.uri(name),
    filters: { [format.label]: [format.ending] },
  });
  if (!target) return;
  const text = format.ending === 'md' ? reportMarkdown(report, ownLanguage) : `${JSON.stringify(report, null, 2)}\n`;
  const { store, workspace } = app.services();
  const path = workspace.pathOf(target);
  if (path !== undefined) store.own.wrote(path, textHash(text), chosen.runId);
  await vscode.workspace.fs.writeFile(target, Buffer.from(text));
  await vscode.commands.executeCommand('vscode.open', target);
}

/** The attempt meant: the one named, the only one, or the one picked. */
async function whichAttempt(
  app: App,
  runId = app.currentRun(),
  attempt?: number,
): Promise<{ readonly runId: string; readonly attempt: number } | undefined> {
  if (!runId) {
    throw new PlanwrightError('NOT_FOUND', vscode.l10n.t('There is no run to report.'), {
      hint: vscode.l10n.t('Start a workflow; its report can be read at any time.'),
    });
  }
  if (attempt !== undefined) return { runId, attempt };
  const attempts = app.services().store.listAttempts(runId);
  if (attempts.length < 2) return { runId, attempt: attempts[0]?.attempt ?? 1 };
  const picked = await pickAttempt(app, runId, vscode.l10n.t('The report of which attempt?'));
  return picked === undefined ? undefined : { runId, attempt: picked };
}
