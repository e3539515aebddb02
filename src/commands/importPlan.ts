import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { readPlanFile } from '../workflow/planFile.ts';
import { startWith } from './start.ts';

/** Starts a run with a plan that was exported, or written by hand, instead of having one written. */
export async function importPlan(app: App, uri?: vscode.Uri): Promise<void> {
  await startWith(app, async () => {
    const file = uri ?? (await pickFile());
    if (!file) return undefined;
    return readPlanFile(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  });
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Which plan shall be reviewed and implemented?'),
      openLabel: vscode.l10n.t('Use this plan'),
      filters: { [vscode.l10n.t('Plans')]: ['json'] },
      ...(vscode.workspace.workspaceFolders?.[0] ? { defaultUri: vscode.workspace.workspaceFolders[0].uri } : {}),
    })) ?? [];
  return file;
}
