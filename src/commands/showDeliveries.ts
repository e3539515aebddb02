import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { told } from '../views/told.ts';
import type { Delivery } from '../workflow/hooks/outbox.ts';

/** Lists what hooks did not take, to be looked at, sent again or discarded; makes secrets for hooks. */
export async function showDeliveries(app: App): Promise<void> {
  const troubled = await app.hooks.troubled();
  const newSecret = vscode.l10n.t('Make a new secret for a hook…');
  const items = [
    ...troubled.map((delivery) => ({
      delivery,
      label: `$(${delivery.state === 'dead' ? 'error' : 'sync'}) ${delivery.hook}: ${delivery.type}`,
      description: delivery.run,
      detail: detailOf(delivery),
    })),
    ...(app.hooks.ids.length > 0 ? [{ label: `$(key) ${newSecret}`, delivery: undefined }] : []),
  ];
  const title = troubled.length === 0 ? vscode.l10n.t('No deliveries') : vscode.l10n.t('Deliveries of hooks');
  const picked = await vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  if (picked?.delivery) await act(app, picked.delivery);
  else if (picked) await secretFor(app);
}

function detailOf({ state, tries, nextAt, error }: Delivery): string {
  const when = new Date(nextAt).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'medium' });
  const why = told(error ?? '');
  return state === 'dead'
    ? vscode.l10n.t('given up after {0} tries: {1}', tries, why)
    : `${vscode.l10n.t('try {0} at {1}', tries + 1, when)}: ${why}`;
}

async function act(app: App, delivery: Delivery): Promise<void> {
  const again = vscode.l10n.t('Send again');
  const discard = vscode.l10n.t('Discard it');
  const show = vscode.l10n.t('Show what is sent');
  const picked = await vscode.window.showQuickPick([again, show, discard], { title: delivery.type });
  if (picked === again) await app.hooks.sendAgain(delivery.id);
  if (picked === discard) await app.hooks.discard(delivery.id);
  if (picked === show) {
    const content = JSON.stringify(JSON.parse(delivery.body), null, 2);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: 'json' }));
  }
}

async function secretFor(app: App): Promise<void> {
  const id = await vscode.window.showQuickPick([...app.hooks.ids], { title: vscode.l10n.t('Hook') });
  if (id === undefined) return;
  await vscode.env.clipboard.writeText(await app.hooks.newSecret(id));
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The new secret of {0} is on the clipboard, and kept in the editor’s secret storage.', id),
  );
}
