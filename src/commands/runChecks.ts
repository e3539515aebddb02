import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type CheckedPair, checkReport } from '../workflow/checks/checkReport.ts';
import type { CheckCommand } from '../workflow/checks/checks.ts';
import { compareRuns } from '../workflow/checks/compare.ts';
import { cancelled, PlanwrightError } from '../workflow/errors.ts';
import { requireTrust } from './hunks.ts';

/** Runs the workspace's own checks on a scratch copy with all that is pending, and shows what changed by it. */
export async function runChecks(app: App, runId = app.currentRun()): Promise<void> {
  requireTrust();
  const files = runId ? await app.services().pendingFiles(runId) : new Map<string, string | null>();
  if (files.size === 0) {
    throw new PlanwrightError('NOT_FOUND', 'No proposal is pending, so there is nothing to check.', {
      hint: 'Run the checks while proposals wait to be decided.',
    });
  }
  const commands = await confirmed(app);
  if (!commands) return;
  const pairs = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Running checks…'), cancellable: true },
    (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort(cancelled()));
      return check(app, commands, files, controller.signal);
    },
  );
  const content = checkReport(pairs, [...files.keys()]);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

/** The checks without and with `files`, compared. */
export async function check(
  app: App,
  commands: readonly CheckCommand[],
  files: ReadonlyMap<string, string | null>,
  signal: AbortSignal,
): Promise<CheckedPair[]> {
  const checks = await app.services().checks.checks();
  const baseline = await checks.baseline(commands, signal);
  const proposed = await checks.run(commands, files, signal);
  return proposed.flatMap((run, index) => {
    const before = baseline[index];
    return before ? [{ baseline: before, proposed: run, comparison: compareRuns(before, run) }] : [];
  });
}

/** The commands that may run: asked once, and again when the workspace has others. */
async function confirmed(app: App): Promise<CheckCommand[] | undefined> {
  const { checks, learned } = app.services();
  const found = await (await checks.checks()).detect();
  if (found.length === 0) {
    throw new PlanwrightError('NOT_FOUND', 'No check of this workspace was recognised.', {
      hint: 'Scripts of package.json named test, lint or typecheck are, and the usual tools of Python, Rust, Go, Java and .NET.',
    });
  }
  const known = await checks.remembered(found);
  // Who once chose none is asked again: the command was given on purpose.
  if (known && known.length > 0) return found.filter(({ name }) => known.includes(name));
  const picked = await vscode.window.showQuickPick(
    found.map((command) => ({
      label: command.name,
      description: command.command.join(' '),
      detail: command.cwd === '.' ? '' : command.cwd,
      picked: true,
      command,
    })),
    {
      canPickMany: true,
      title: vscode.l10n.t('Which of these may Planwright run, in a scratch copy of the workspace?'),
    },
  );
  if (!picked || picked.length === 0) return undefined;
  const chosen = picked.map(({ command }) => command);
  await checks.remember(
    found,
    chosen.map(({ name }) => name),
  );
  await learned.add(
    chosen.map(({ name, command }) => ({
      kind: 'command',
      text: `A check of this workspace is “${command.join(' ')}” (${name}).`,
    })),
  );
  return chosen;
}
