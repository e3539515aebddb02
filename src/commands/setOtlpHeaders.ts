import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { endpointOf, parseHeaders } from '../hosts/otlp/target.ts';
import { readSettings } from '../hosts/vscode/settings.ts';
import { asPlanwrightError, PlanwrightError } from '../workflow/errors.ts';

/** Asks for what the OTLP receiver wants to see with each request, and keeps it for that receiver's origin only. */
export async function setOtlpHeaders(app: App): Promise<void> {
  const { otlpEndpoint } = readSettings();
  if (otlpEndpoint === undefined) {
    throw new PlanwrightError('NOT_FOUND', vscode.l10n.t('No OTLP receiver is set.'), {
      hint: vscode.l10n.t('Set planwright.otlp.endpoint first.'),
    });
  }
  const { origin } = endpointOf(otlpEndpoint);
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Headers for {0}', origin),
    prompt: vscode.l10n.t(
      'As Authorization=Bearer%20…, several with commas between them. Kept in the editor’s secret storage and sent to this address only; empty forgets them.',
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => faultOf(value),
  });
  if (text === undefined) return;
  const { otlpHeaders } = app.services();
  if (text.trim() === '') await otlpHeaders.forget(origin);
  else await otlpHeaders.set(origin, text.trim());
}

function faultOf(text: string): string | undefined {
  try {
    parseHeaders(text);
    return undefined;
  } catch (error) {
    return asPlanwrightError(error).message;
  }
}
