import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** Puts a command that asks the HTTP API for its runs on the clipboard, token included. */
export async function copyApiAddress(app: App): Promise<void> {
  const { address, token } = await app.api.address();
  await vscode.env.clipboard.writeText(`curl -H 'Authorization: Bearer ${token}' ${address}/api/workflows`);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('Copied a curl command for {0}. It holds the token: whoever has it can start runs here.', address),
  );
}
