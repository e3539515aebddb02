import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { TriggerState } from '../hosts/http/triggerService.ts';
import { told } from '../views/told.ts';

interface TriggerItem extends vscode.QuickPickItem {
  readonly state?: TriggerState;
}

/** Lists the triggers of this folder; one that is picked can be run, or given a secret. */
export async function showTriggers(app: App): Promise<void> {
  const states = await app.triggers.list();
  const settings = vscode.l10n.t('Open settings…');
  const items: TriggerItem[] = [
    ...states.map(itemOf),
    ...app.triggers.problems.map((problem) => ({ label: `$(warning) ${told(problem)}` })),
    { label: `$(gear) ${settings}` },
  ];
  const title = states.length === 0 ? vscode.l10n.t('No triggers for this folder') : vscode.l10n.t('Triggers');
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (!picked) return;
  if (picked.state) return act(app, picked.state);
  await vscode.commands.executeCommand('workbench.action.openSettings', 'planwright.triggers');
}

function itemOf(state: TriggerState): TriggerItem {
  const accepts = state.accept === 'all' ? vscode.l10n.t('accepts by itself') : undefined;
  const off = state.enabled ? undefined : vscode.l10n.t('turned off');
  return {
    state,
    label: `$(${state.problem === null ? 'zap' : 'warning'}) ${state.id}`,
    description: [state.kind, off, accepts].filter(Boolean).join(' · '),
    detail: detailOf(state),
  };
}

function detailOf({ problem, last, nextAt, waiting }: TriggerState): string {
  const parts = [
    problem,
    last && lastText(last),
    nextAt === null ? null : vscode.l10n.t('next {0}', time(nextAt)),
    waiting > 0 ? vscode.l10n.t('{0} waiting', waiting) : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? vscode.l10n.t('has not fired yet') : parts.join(' · ');
}

function lastText({ at, cause, outcome, reason }: NonNullable<TriggerState['last']>): string {
  switch (outcome) {
    case 'started':
      return vscode.l10n.t('last run {0}: {1}', time(at), cause);
    case 'queued':
      return vscode.l10n.t('waiting since {0}: {1}', time(at), cause);
    case 'skipped':
      return vscode.l10n.t('skipped {0}, {1}: {2}', time(at), cause, reason ?? '');
  }
}

async function act(app: App, { id, kind, last }: TriggerState): Promise<void> {
  const run = vscode.l10n.t('Run now');
  const show = vscode.l10n.t('Show its last run');
  const secret = vscode.l10n.t('Make a new secret and copy it');
  const picked = await vscode.window.showQuickPick(
    [run, ...(last?.run ? [show] : []), ...(kind === 'webhook' ? [secret] : [])],
    { title: id },
  );
  if (picked === show && last?.run) return app.panel.show(last.run);
  if (picked === secret) {
    await vscode.env.clipboard.writeText(await app.triggers.newSecret(id));
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The new secret of {0} is on the clipboard, and kept in the editor’s secret storage.', id),
    );
  }
  if (picked === run) await runNow(app, id);
}

async function runNow(app: App, id: string): Promise<void> {
  const answer = await app.triggers.run(id);
  if (answer.outcome === 'started' && answer.run !== null) return app.panel.show(answer.run);
  const text =
    answer.outcome === 'queued'
      ? vscode.l10n.t('{0} waits for another run to be over.', id)
      : vscode.l10n.t('{0} did not run: {1}.', id, 'reason' in answer ? answer.reason : '');
  void vscode.window.showInformationMessage(text);
}

function time(at: number): string {
  return new Date(at).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
}
