import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** Asks for the key of the chosen provider and keeps it for that provider's origin only. */
export async function setApiKey(app: App): Promise<boolean> {
  const origin = app.services().keyOrigin();
  if (!origin) {
    void vscode.window.showInformationMessage(vscode.l10n.t('The chosen model needs no key.'));
    return true;
  }
  return askKey(app, origin);
}

/**
 * Asks for the key of an address and keeps it for that address only. True when one was given.
 * @param refused the address did not take the one it had
 */
export async function askKey(app: App, origin: string, refused = false): Promise<boolean> {
  const kept = vscode.l10n.t('Kept in the editor’s secret storage and sent to this address only');
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('API key for {0}', origin),
    prompt: refused ? vscode.l10n.t('The key was refused; enter another. {0}', kept) : kept,
    password: true,
    ignoreFocusOut: true,
  });
  if (!key?.trim()) return false;
  await app.services().keys.set(origin, key.trim());
  return true;
}

export async function forgetApiKey(app: App): Promise<void> {
  const origin = app.services().keyOrigin();
  if (!origin) return;
  await app.services().keys.forget(origin);
  void vscode.window.showInformationMessage(vscode.l10n.t('The key for {0} is forgotten.', origin));
}
