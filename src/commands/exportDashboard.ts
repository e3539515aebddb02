import * as vscode from 'vscode';
import { dashboardCsv } from '../workflow/metrics/csv.ts';
import type { DashboardData } from '../workflow/metrics/dashboardData.ts';

/** Asks where to, and writes the dashboard's figures there as CSV. */
export async function exportDashboard(data: DashboardData): Promise<void> {
  const name = `planwright-${data.window}-${new Date(data.at).toISOString().slice(0, 10)}.csv`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export the dashboard'),
    filters: { CSV: ['csv'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(dashboardCsv(data)));
  await vscode.window.showTextDocument(target);
}
